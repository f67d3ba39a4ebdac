import type { FieldCodec } from "./field-codec.js";
import type { Input } from "./input.js";
import { type Output, UnwritableValue } from "./output.js";

/** What fills the half bytes that the digits leave. */
export interface BcdPadding {
  /** The half byte, 0 to 15. */
  readonly nibble: number;
  readonly at: "start" | "end";
}

/**
 * Digits, two in a byte, the first in the upper half; the value is their text. Padding that is no
 * digit is taken away on reading, zeros are not: they may belong to the number.
 */
export function bcd(digits: number, padding: BcdPadding): FieldCodec {
  const width = Math.ceil(digits / 2);
  return {
    width,
    kind: "text",
    show: String,
    write: (out, value) => writeBcd(out, String(value), width, padding),
    read: (input) => readBcd(input, width, digits, padding),
  };
}

/** Writes the digits of a text. */
export function writeBcd(out: Output, text: string, width: number, padding: BcdPadding): void {
  if (!/^[0-9]*$/.test(text)) throw new UnwritableValue("must be digits");
  const missing = 2 * width - text.length;
  if (missing < 0) throw new UnwritableValue(`has ${text.length} digits, over ${2 * width}`);
  const lead = padding.at === "start" ? missing : 0;
  const nibble = (index: number) => {
    const digit = text.charCodeAt(index - lead) - 0x30;
    return index >= lead && index - lead < text.length ? digit : padding.nibble;
  };
  out.reserve(width);
  for (let index = 0; index < width; index += 1) {
    out.bytes[out.at + index] = (nibble(2 * index) << 4) | nibble(2 * index + 1);
  }
  out.at += width;
}

/** Reads the digits as text; undefined when there is a half byte that is neither digit nor padding. */
export function readBcd(
  input: Input,
  width: number,
  digits: number,
  padding: BcdPadding,
): string | undefined {
  if (input.end - input.at < width) return undefined;
  const hex = input.bytes.toString("hex", input.at, input.at + width);
  input.at += width;
  const filler = padding.nibble.toString(16);
  let text = hex;
  if (padding.nibble > 9) {
    text =
      padding.at === "start"
        ? text.replace(new RegExp(`^${filler}+`), "")
        : text.replace(new RegExp(`${filler}+$`), "");
  } else if (digits % 2 === 1) {
    // The odd half byte is padding, whatever it says.
    text = padding.at === "start" ? text.slice(1) : text.slice(0, -1);
  }
  return /^[0-9]*$/.test(text) ? text : undefined;
}
