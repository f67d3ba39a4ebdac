import type { Fault, ServiceError } from "../requests/service-error.js";

const LONE_SURROGATES = /\p{Cs}/gu;

/** Room for `; and N more`. */
const TAIL_BYTES = 32;

/**
 * The faults of an error as one message of at most `maxBytes` when percent-encoded; those that do
 * not fit are counted. Halves of surrogate pairs are replaced: grpc-js cannot encode them.
 */
export function errorMessage(
  error: ServiceError,
  limit: { readonly faults: number; readonly maxBytes: number },
): string {
  const sentences = error.faults.map(sentence);
  const told: string[] = [];
  let left = limit.maxBytes - TAIL_BYTES;
  for (const sentence of sentences.slice(0, limit.faults)) {
    // The first is told in any case, shortened if need be.
    const text = told.length === 0 ? shorten(sentence, left) : wellFormed(sentence);
    const cost = encodedBytes(text) + encodedBytes("; ");
    if (told.length > 0 && cost > left) break;
    told.push(text);
    left -= cost;
  }
  const untold = sentences.length - told.length;
  if (untold > 0) told.push(andMore(untold));
  return told.join("; ");
}

/** Stands for what is not told one by one. */
export function andMore(count: number): string {
  return `and ${count} more`;
}

/** Cuts a text to at most `maxBytes` when percent-encoded, never within a character. */
export function shorten(text: string, maxBytes: number): string {
  // One code unit becomes 9 bytes at most, three bytes of UTF-8 with three characters each.
  if (text.length * 9 <= maxBytes) return wellFormed(text);
  let kept = "";
  let left = maxBytes - encodedBytes("…");
  for (const character of wellFormed(text)) {
    left -= encodedBytes(character);
    if (left < 0) return `${kept}…`;
    kept += character;
  }
  return kept;
}

function sentence({ field, description }: Fault): string {
  return field === undefined ? description : `${field}: ${description}`;
}

function encodedBytes(text: string): number {
  return encodeURI(text).length;
}

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATES, "\u{FFFD}");
}
