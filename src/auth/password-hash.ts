import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** How much work a hash is. 2^15 blocks of 1 KiB: 32 MiB and some 100 ms on a core. */
interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const COST: Cost = { logN: 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const FORMAT =
  /^\$scrypt\$ln=(?<logN>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[\w-]+)\$(?<hash>[\w-]+)$/;

/** A password as it is kept: `$scrypt$ln=15,r=8,p=1$salt$hash`, so that the cost can be raised. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format(salt, await derive(password, salt, COST, HASH_BYTES));
}

/** Whether a password is the one that was hashed. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const groups = FORMAT.exec(stored)?.groups;
  if (groups === undefined) throw new Error("a stored password hash is of no known format");
  const { logN, r, p, salt = "", hash = "" } = groups;
  const expected = Buffer.from(hash, "base64url");
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, "base64url"), cost, expected.length);
  return timingSafeEqual(actual, expected);
}

/** A hash that no password has; to compare with it takes the time that a real one takes. */
export function unmatchableHash(): string {
  return format(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
}

function format(salt: Buffer, hash: Buffer): string {
  const { logN, r, p } = COST;
  const text = (bytes: Buffer) => bytes.toString("base64url");
  return `$scrypt$ln=${logN},r=${r},p=${p}$${text(salt)}$${text(hash)}`;
}

function derive(
  password: string,
  salt: Buffer,
  { logN, r, p }: Cost,
  length: number,
): Promise<Buffer> {
  const N = 2 ** logN;
  // Twice what it needs: by default Node allows just less than that.
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // The same characters can be typed as different code points.
    scrypt(password.normalize("NFC"), salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
