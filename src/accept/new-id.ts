import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const ID_BYTES = 16;

// One call for random bytes costs six times what the rest of an id does: they are drawn in stock.
const stock = Buffer.alloc(256 * ID_BYTES);
let used = stock.length;

const DIGITS = Buffer.from("0123456789abcdef");
/** Bytes of an id that its text has a hyphen before. */
const HYPHENATED: ReadonlySet<number> = new Set([4, 6, 8, 10]);

const bytes = new Uint8Array(ID_BYTES);
const text = Buffer.alloc(2 * ID_BYTES + HYPHENATED.size, "-");
/** Where the digits of each byte are in the text. */
const places = Uint8Array.from(bytes, (_, i) => 2 * i + hyphensUpTo(i));

/**
 * A new UUIDv7. Its text is made here: the library puts it together of 20 pieces, which takes
 * 0.68 us for an id instead of 0.42 and leaves a kilobyte behind.
 */
export function newId(): string {
  v7({ rng: randomBytes }, bytes);
  for (let i = 0; i < ID_BYTES; i += 1) {
    const byte = bytes[i] ?? 0;
    const place = places[i] ?? 0;
    text[place] = DIGITS[byte >> 4] ?? 0;
    text[place + 1] = DIGITS[byte & 0xf] ?? 0;
  }
  return text.toString("latin1");
}

function hyphensUpTo(byte: number): number {
  return [...HYPHENATED].filter((after) => after <= byte).length;
}

function randomBytes(): Uint8Array {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += ID_BYTES;
  return stock.subarray(used - ID_BYTES, used);
}
