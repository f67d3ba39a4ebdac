import { TimeZone } from "../../../requests/time-zone.js";
import type { FieldForm } from "../format/field-section.js";
import { bcd } from "./bcd.js";
import { countedDate, digitDate } from "./date.js";
import { decimal } from "./decimal.js";
import type { Extent } from "./extent.js";
import type { FieldCodec } from "./field-codec.js";
import { rawBytes } from "./raw-bytes.js";
import { text } from "./text.js";
import { encodeText } from "./text-encoding.js";
import { type ByteOrder, unsigned } from "./unsigned.js";

type Sized = Pick<Extract<FieldForm, { form: "text" }>, "length" | "length_prefix" | "ends">;

const NUL = Buffer.of(0);
const ZERO = Buffer.from("0");

/** Makes the codec that a profile's field asks for. */
export function makeCodec(field: FieldForm, profileOrder: ByteOrder): FieldCodec {
  const order = ("byte_order" in field ? field.byte_order : undefined) ?? profileOrder;
  switch (field.form) {
    case "u8":
    case "u16":
    case "u24":
    case "u32":
    case "u40":
    case "u48":
    case "u56":
    case "u64":
      return unsigned(Number(field.form.slice(1)) / 8, order);
    case "bcd":
      return bcd(field.digits, {
        nibble: field.pad === "f" ? 0xf : 0,
        at: field.pad_at ?? "start",
      });
    case "text": {
      const { encoding, chars } = field;
      const pad = encodeText(field.pad ?? " ", encoding);
      return text({
        encoding,
        chars,
        min: field.min ?? 0,
        max: field.max ?? Number.POSITIVE_INFINITY,
        extent: extentOf(
          field,
          order,
          { pad, padAt: field.pad_at ?? "end" },
          pad.length === 2 ? 2 : 1,
        ),
      });
    }
    case "decimal":
    case "hexadecimal":
      return decimal(
        extentOf(field, order, { pad: ZERO, padAt: "start" }),
        field.form === "decimal" ? 10 : 16,
      );
    case "bytes":
      return rawBytes(
        extentOf(field, order, { pad: NUL, padAt: "end" }),
        // Bytes are not padded: there would be no telling what is padding.
        field.length ?? field.min ?? 0,
        field.length ?? field.max ?? Number.POSITIVE_INFINITY,
      );
    case "date":
      if ("layout" in field) {
        return digitDate(field.layout, field.as === "bcd", new TimeZone(field.time_zone ?? "UTC"));
      }
      return countedDate(
        unsigned(field.bytes, order),
        field.as,
        field.since === undefined ? 0 : Date.parse(field.since),
      );
  }
}

function extentOf(
  field: Sized,
  order: ByteOrder,
  padding: { readonly pad: Buffer; readonly padAt: "start" | "end" },
  unit: 1 | 2 = 1,
): Extent {
  if (field.length !== undefined) return { kind: "fixed", length: field.length, ...padding };
  if (field.length_prefix !== undefined) {
    const length = unsigned(Number(field.length_prefix.slice(1)) / 8, order);
    return { kind: "prefixed", length };
  }
  if (field.ends !== undefined)
    return { kind: "ended", end: encodeText(field.ends, "latin1"), unit };
  return { kind: "rest" };
}
