const MAX_LENGTH = 64;
const PLAIN = /^[\x21-\x7e]{1,64}$/;
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

/**
 * Why a text is no identifier, in a phrase; undefined when it is one: 1 to 64 characters, no
 * control characters (nor halves of surrogate pairs, which no database stores), no outer spaces.
 */
export function identifierFault(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  if (text === "") return "is mandatory";
  // Characters are code points; a text this long in code units cannot be short enough.
  if (text.length > 2 * MAX_LENGTH || [...text].length > MAX_LENGTH) {
    return `is longer than ${MAX_LENGTH} characters`;
  }
  if (FORBIDDEN.test(text)) return "must not hold control characters";
  if (text.trim() !== text) return "must not begin or end with a space";
  return undefined;
}
