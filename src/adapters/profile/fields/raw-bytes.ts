import { type Extent, enterExtent, extentWidth, leaveExtent, writeExtent } from "./extent.js";
import type { FieldCodec } from "./field-codec.js";
import { UnwritableValue } from "./output.js";

/** Bytes as they are; the value is their text in hexadecimal. */
export function rawBytes(extent: Extent, min: number, max: number): FieldCodec {
  return {
    width: extentWidth(extent),
    kind: "text",
    show: String,
    write(out, value) {
      const hex = String(value);
      if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw new UnwritableValue("must be hexadecimal");
      const bytes = Buffer.from(hex, "hex");
      if (bytes.length < min) throw new UnwritableValue(`has ${bytes.length} bytes, under ${min}`);
      if (bytes.length > max) throw new UnwritableValue(`has ${bytes.length} bytes, over ${max}`);
      writeExtent(extent, out, () => out.append(bytes));
    },
    read(input) {
      const end = enterExtent(extent, input);
      if (end === undefined) return undefined;
      const length = end - input.at;
      const hex = input.bytes.toString("hex", input.at, end);
      leaveExtent(extent, input, end);
      return length < min || length > max ? undefined : hex;
    },
  };
}
