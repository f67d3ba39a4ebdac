import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const ID_BYTES = 16;

// One call for random bytes costs six times what the rest of an id does: they are drawn in stock.
const stock = Buffer.alloc(256 * ID_BYTES);
let used = stock.length;

/** A new UUIDv7. */
export function newId(): string {
  return v7({ rng: randomBytes });
}

function randomBytes(): Uint8Array {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += ID_BYTES;
  return stock.subarray(used - ID_BYTES, used);
}
