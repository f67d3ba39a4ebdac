import type { Path } from "../../../config/yaml-source.js";
import { CHECKSUMS, type Checksum } from "../fields/checksum-algorithms.js";
import { decimal } from "../fields/decimal.js";
import type { FieldCodec } from "../fields/field-codec.js";
import { type ByteOrder, unsigned } from "../fields/unsigned.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { ChecksumItem, FrameItem } from "../format/framing-section.js";
import type { Scalar } from "../format/words.js";
import { constantBytes } from "./constant.js";
import type { FieldTable } from "./field-table.js";

/** What stands before or after the body, ready to be written and read. */
export type ResolvedItem = {
  readonly name: string;
  readonly codec: FieldCodec;
  readonly secret: boolean;
} & (
  | { readonly role: "type" | "length" }
  /** Written as it stands, and to be read so. */
  | { readonly role: "constant"; readonly bytes: Buffer; readonly value: Scalar }
  /** Written from a template; a value when it is read. */
  | { readonly role: "value"; readonly value: Scalar }
  | { readonly role: "checksum"; readonly sum: Checksum; readonly covers: ChecksumItem["covers"] }
);

/** Resolves the names in a header or trailer. */
export function resolveItems(
  items: readonly FrameItem[],
  fields: FieldTable,
  order: ByteOrder,
  fault: FaultSink,
): ResolvedItem[] {
  return items.flatMap((item, index) => {
    const at: FaultSink = (path: Path, description) => fault([index, ...path], description);
    const resolved =
      "checksum" in item ? resolveChecksum(item, order) : resolveField(item, fields, at);
    return resolved === undefined ? [] : [resolved];
  });
}

function resolveChecksum(item: ChecksumItem, order: ByteOrder): ResolvedItem {
  const { bytes, sum } = CHECKSUMS[item.checksum];
  const codec =
    item.as === "binary"
      ? unsigned(bytes, item.byte_order ?? order)
      : decimal({ kind: "fixed", length: 2 * bytes, pad: Buffer.from("0"), padAt: "start" }, 16);
  return { role: "checksum", name: "checksum", codec, secret: false, sum, covers: item.covers };
}

function resolveField(
  item: Exclude<FrameItem, ChecksumItem>,
  fields: FieldTable,
  fault: FaultSink,
): ResolvedItem | undefined {
  const found = fields.get(item.field);
  if (found === undefined) {
    fault(["field"], "is not in fields");
    return undefined;
  }
  const { codec, secret } = found;
  const base = { name: item.field, codec, secret };
  const { holds, value } = item;
  if (holds !== undefined) {
    if (value !== undefined) fault(["value"], "means nothing beside holds");
    return { ...base, role: holds };
  }
  if (value === undefined) {
    fault([], "must have holds or value");
    return undefined;
  }
  const isTemplate = typeof value === "string" && /[{}]/.test(value);
  if (item.varies || isTemplate) return { ...base, role: "value", value };
  const constant = constantBytes(codec, value);
  if ("fault" in constant) {
    fault(["value"], constant.fault);
    return undefined;
  }
  return { ...base, role: "constant", bytes: constant.bytes, value };
}
