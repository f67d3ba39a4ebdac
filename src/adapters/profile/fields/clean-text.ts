// Control characters break logs and terminals, and PostgreSQL refuses a text with U+0000.
const NOT_TEXT = /[\p{Cc}\p{Surrogate}\u{FEFF}]/gu;

/** A text from a CA system, with U+FFFD for what must not go on. */
export function cleanText(text: string): string {
  return text.replace(NOT_TEXT, "\u{FFFD}");
}
