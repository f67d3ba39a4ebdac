import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { SecretKeyError } from "./secret-key-error.js";

const KEY_BYTES = 32;

/** The secret key, as its file holds it. */
export interface SecretKey {
  readonly key: Buffer;
  /** Where it is from, for whoever has the wrong one. */
  readonly origin: string;
  /** What an operator should know, in sentences. */
  readonly warnings: readonly string[];
}

/** Reads the key file. Throws a `SecretKeyError` that says how to put it right. */
export function readKeyFile(file: string): SecretKey {
  let key: Buffer;
  let mode: number;
  try {
    key = readFileSync(file);
    mode = statSync(file).mode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SecretKeyError(`cannot read the secret key file ${file}: ${reason}`);
  }
  if (key.length !== KEY_BYTES) {
    throw new SecretKeyError(
      `the secret key file ${file} holds ${key.length} bytes and must hold ${KEY_BYTES}: make one with head -c ${KEY_BYTES} /dev/urandom`,
    );
  }
  const origin = `the key file ${file}`;
  // Windows has no such modes: what stat tells there means nothing.
  if (process.platform === "win32") return { key, origin, warnings: [] };
  if ((mode & 0o022) !== 0) {
    throw new SecretKeyError(
      `the secret key file ${file} can be written by other users: chmod go-w ${file}`,
    );
  }
  // Mounted secrets are often readable by all inside their container, so this is no fault.
  const readable = (mode & 0o044) !== 0;
  return {
    key,
    origin,
    warnings: readable ? [`the secret key file ${file} can be read by other users`] : [],
  };
}

/** Reads the key file, or makes one that only its owner can read. */
export function readOrCreateKeyFile(file: string): SecretKey {
  if (!existsSync(file)) createKeyFile(file);
  return readKeyFile(file);
}

/**
 * Makes the file whole or not at all, and on disk before anything is encrypted with it; another
 * process that makes it at the same time wins or loses, and both read the winner's.
 */
function createKeyFile(file: string): void {
  const folder = dirname(file);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(draft, randomBytes(KEY_BYTES), { flag: "wx", mode: 0o600, flush: true });
      linkSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    syncFolder(folder);
  } catch (error) {
    // Another process was faster.
    if (existsSync(file)) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SecretKeyError(`cannot make the secret key file ${file}: ${reason}`);
  }
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder, and keeps its entries safe by itself.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
