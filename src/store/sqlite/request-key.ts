/** Odd numbers without a pattern, one for each half; any would do, but they must stay the same. */
const FACTORS = [0x9e3779b1, 0x85ebca77] as const;

/**
 * What stands for a request_id and who gave it: 53 bits, evenly spread whatever the ids look like.
 * Of ten million requests a new one has the key of another with a chance of one in 10^9, so who
 * finds one by its key looks at it. Keys are stored: how they are made must stay as it is.
 */
export function requestKey(createdBy: string, requestId: string): number {
  let low: number = FACTORS[1];
  let high: number = FACTORS[0];
  for (const text of [createdBy, "\n", requestId]) {
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      low = Math.imul(low ^ code, FACTORS[0]);
      high = Math.imul(high ^ code, FACTORS[1]);
    }
  }
  return (mixed(high ^ low) >>> 11) * 2 ** 32 + mixed(low);
}

/** Each bit of the result depends on all: the last step of MurmurHash3 (public domain). */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Keys are smaller than this. */
export const KEY_BOUND = 2 ** 53;
