import { type Output, UnwritableValue } from "./output.js";

/** The encodings that a text may have. */
export const TEXT_ENCODINGS = ["ascii", "utf-8", "latin1", "utf-16le", "utf-16be"] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

/** Longer ones are written faster by Node than byte by byte here. */
const SHORT = 48;

/** The highest character that is one byte of the same number; in UTF-16 there is none. */
const SINGLE_BYTE: Readonly<Record<TextEncoding, number>> = {
  ascii: 0x7f,
  "utf-8": 0x7f,
  latin1: 0xff,
  "utf-16le": -1,
  "utf-16be": -1,
};

/** Writes the text's bytes. Throws an `UnwritableValue` for a character that the encoding has not. */
export function writeText(out: Output, text: string, encoding: TextEncoding): void {
  const single = SINGLE_BYTE[encoding];
  const { length } = text;
  if (length <= SHORT && single > 0) {
    out.reserve(length);
    const { bytes, at } = out;
    let index = 0;
    for (; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > single) break;
      bytes[at + index] = code;
    }
    if (index === length) {
      out.at = at + length;
      return;
    }
  }
  writeLong(out, text, encoding);
}

function writeLong(out: Output, text: string, encoding: TextEncoding): void {
  if (encoding === "ascii" || encoding === "latin1") {
    for (let index = 0; index < text.length; index += 1) {
      if (text.charCodeAt(index) > SINGLE_BYTE[encoding]) {
        throw new UnwritableValue(`has a character that ${encoding} has not`);
      }
    }
  }
  if (encoding === "utf-8" && HALF.test(text)) {
    throw new UnwritableValue("has half a character");
  }
  const bytes = encodeText(text, encoding);
  out.reserve(bytes.length);
  out.at += bytes.copy(out.bytes, out.at);
}

/** The text in bytes, unchecked. */
export function encodeText(text: string, encoding: TextEncoding): Buffer {
  switch (encoding) {
    case "ascii":
    case "latin1":
      return Buffer.from(text, "latin1");
    case "utf-8":
      return Buffer.from(text, "utf8");
    case "utf-16le":
      return Buffer.from(text, "utf16le");
    case "utf-16be":
      return Buffer.from(text, "utf16le").swap16();
  }
}

/** The bytes as text; what is no character becomes U+FFFD. */
export function decodeText(
  bytes: Buffer,
  start: number,
  end: number,
  encoding: TextEncoding,
): string {
  switch (encoding) {
    case "ascii":
      return bytes.toString("latin1", start, end).replace(NOT_ASCII, "\u{FFFD}");
    case "latin1":
      return bytes.toString("latin1", start, end);
    case "utf-8":
      return bytes.toString("utf8", start, end);
    case "utf-16le":
      return wellFormed(bytes.toString("utf16le", start, end), end - start);
    case "utf-16be": {
      const whole = end - ((end - start) % 2);
      const swapped = Buffer.from(bytes.subarray(start, whole)).swap16();
      return wellFormed(swapped.toString("utf16le"), end - start);
    }
  }
}

const NOT_ASCII = /[\x80-\xff]/g;
const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;

/** A byte too many is no character either. */
function wellFormed(text: string, length: number): string {
  const whole = text.replace(HALVES, "\u{FFFD}");
  return length % 2 === 0 ? whole : `${whole}\u{FFFD}`;
}
