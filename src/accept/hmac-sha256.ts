import { hash } from "node:crypto";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** A code unit of a text takes so many bytes of UTF-8 at most. */
const UTF8_BYTES = 3;
/** Room for bodies with a few texts; longer ones make it grow. */
const FIRST_ROOM = 4096;

/**
 * HMAC-SHA256 (RFC 2104) of texts under one key, in base64url: what `createHmac` gives, at half
 * the time (2.4 and 1.2 us) and without an object with a destructor for each text.
 */
export function hmacSha256(key: Buffer): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? hash("sha256", key, "buffer") : key).copy(block);
  const padded = (pad: number, room: number) => {
    const bytes = Buffer.alloc(BLOCK_BYTES + room);
    block.forEach((byte, i) => {
      bytes[i] = byte ^ pad;
    });
    return bytes;
  };
  let inner = padded(INNER_PAD, FIRST_ROOM);
  const outer = padded(OUTER_PAD, DIGEST_BYTES);
  return (text) => {
    const room = text.length * UTF8_BYTES;
    if (BLOCK_BYTES + room > inner.length) inner = padded(INNER_PAD, room);
    const length = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, "utf8");
    // As a string of bytes: a Buffer made for the digest would cost more than both hashes.
    outer.write(hash("sha256", inner.subarray(0, length), "binary"), BLOCK_BYTES, "binary");
    return hash("sha256", outer, "base64url");
  };
}
