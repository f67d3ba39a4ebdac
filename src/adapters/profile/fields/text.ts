import { cleanText } from "./clean-text.js";
import {
  type Extent,
  enterExtent,
  extentWidth,
  leaveExtent,
  withoutPadding,
  writeExtent,
} from "./extent.js";
import type { FieldCodec } from "./field-codec.js";
import { type Output, UnwritableValue } from "./output.js";
import { showText } from "./show-text.js";
import { decodeText, type TextEncoding, writeText } from "./text-encoding.js";

/** The characters that a text may be made of. */
export const CHARACTER_SETS = ["any", "visible", "digits"] as const;
export type CharacterSet = (typeof CHARACTER_SETS)[number];

export interface TextForm {
  readonly encoding: TextEncoding;
  readonly extent: Extent;
  /** Fewest and most bytes, padding not counted. */
  readonly min: number;
  readonly max: number;
  readonly chars: CharacterSet;
}

const SETS = { visible: /^[\x21-\x7e]*$/, digits: /^[0-9]*$/ } as const;

/** A text. In one that is read, control characters, byte order marks and bad bytes are U+FFFD. */
export function text(form: TextForm): FieldCodec {
  const { encoding, extent, min, max, chars } = form;
  const allowed = chars === "any" ? undefined : SETS[chars];

  function writeValue(out: Output, value: string): void {
    const start = out.at;
    if (allowed !== undefined && !allowed.test(value)) {
      throw new UnwritableValue(chars === "digits" ? "must be digits" : "must be visible ASCII");
    }
    writeText(out, value, encoding);
    const length = out.at - start;
    if (length < min) throw new UnwritableValue(`has ${length} bytes, under ${min}`);
    if (length > max) throw new UnwritableValue(`has ${length} bytes, over ${max}`);
  }

  return {
    width: extentWidth(extent),
    kind: "text",
    show: (value) => showText(String(value)),
    write(out, value) {
      const written = typeof value === "string" ? value : String(value);
      if (extent.kind === "rest") writeValue(out, written);
      else writeExtent(extent, out, () => writeValue(out, written));
    },
    read(input) {
      const end = enterExtent(extent, input);
      if (end === undefined) return undefined;
      const [from, to] = withoutPadding(extent, input.bytes, input.at, end);
      leaveExtent(extent, input, end);
      const length = to - from;
      if (length < min || length > max) return undefined;
      const plain = encoding !== "utf-16le" && encoding !== "utf-16be";
      if (plain && isPrintable(input.bytes, from, to)) {
        const value = input.bytes.toString("latin1", from, to);
        return allowed === undefined || allowed.test(value) ? value : undefined;
      }
      const value = cleanText(decodeText(input.bytes, from, to, encoding));
      return allowed === undefined || allowed.test(value) ? value : undefined;
    },
  };
}

/** True for bytes that are the same in every encoding of single bytes, and need no cleaning. */
function isPrintable(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}
