const BARE = /^[^\s"\\]+$/u;

/** A text as people read it: one that is empty or has spaces, quotes or backslashes is quoted as in JSON. */
export function showText(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}
