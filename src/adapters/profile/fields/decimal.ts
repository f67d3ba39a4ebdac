import { type Extent, enterExtent, extentWidth, leaveExtent, writeExtent } from "./extent.js";
import type { FieldCodec } from "./field-codec.js";
import { wholeOf } from "./output.js";
import { writeText } from "./text-encoding.js";

const DIGITS = { 10: /^[0-9]{1,20}$/, 16: /^[0-9A-Fa-f]{1,16}$/ } as const;

/** A whole number from 0 written in ASCII digits; one of fixed length has zeros before it. */
export function decimal(extent: Extent, base: 10 | 16): FieldCodec {
  return {
    width: extentWidth(extent),
    kind: "number",
    show: String,
    write(out, value) {
      const digits = wholeOf(value).toString(base).toUpperCase();
      writeExtent(extent, out, () => writeText(out, digits, "ascii"));
    },
    read(input) {
      const end = enterExtent(extent, input);
      if (end === undefined) return undefined;
      const digits = input.bytes.toString("latin1", input.at, end);
      leaveExtent(extent, input, end);
      if (!DIGITS[base].test(digits)) return undefined;
      const value = BigInt(base === 16 ? `0x${digits}` : digits);
      return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    },
  };
}
