import type { FieldCodec } from "../fields/field-codec.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { StreamProfile } from "../format/profile-section.js";
import { checkStuffing } from "../framing/byte-stuffing.js";
import type { FieldTable } from "./field-table.js";
import { type ResolvedItem, resolveItems } from "./frame-item.js";

/** Where the length stands, and how it counts. */
export interface LengthField {
  readonly name: string;
  readonly codec: FieldCodec;
  /** Bytes of the header before it. */
  readonly at: number;
  /** Bytes up to its end: so many must be there before the frame's length is known. */
  readonly known: number;
  /** What is to be added to the length for the bytes of the whole frame. */
  readonly uncounted: number;
  readonly max: number;
}

/** What stands around the body of every message. */
export interface FrameShape {
  readonly framing: StreamProfile["framing"];
  readonly header: readonly ResolvedItem[];
  readonly trailer: readonly ResolvedItem[];
  /** Undefined when the header's bytes depend on its values. */
  readonly headerWidth: number | undefined;
  readonly trailerWidth: number;
  readonly length: LengthField | undefined;
}

/** Resolves header, trailer and framing, which must fit together. */
export function frameShape(
  profile: StreamProfile,
  fields: FieldTable,
  fault: FaultSink,
): FrameShape {
  const { framing, byte_order: order } = profile;
  if (framing.by === "delimiter") checkStuffing(framing, fault);
  const header = resolveItems(profile.header, fields, order, (path, text) =>
    fault(["header", ...path], text),
  );
  const trailer = resolveItems(profile.trailer, fields, order, (path, text) =>
    fault(["trailer", ...path], text),
  );
  const headerWidth = widthOf(header);
  const trailerWidth = widthOf(trailer);
  if (trailerWidth === undefined) fault(["trailer"], "must have fields of fixed width only");
  if (headerWidth === undefined && header.some(({ role }) => role === "checksum")) {
    fault(["header"], "must have fields of fixed width only, because of the checksum");
  }
  for (const { role } of trailer) {
    if (role === "type" || role === "length") fault(["trailer"], `cannot hold the ${role}`);
  }
  for (const role of ["type", "length"] as const) {
    if (header.filter((item) => item.role === role).length > 1) {
      fault(["header"], `must hold the ${role} once only`);
    }
  }
  return {
    framing,
    header,
    trailer,
    headerWidth,
    trailerWidth: trailerWidth ?? 0,
    length: lengthField(framing, header, trailerWidth ?? 0, fault),
  };
}

/** Bytes of the items together; undefined when one of them has no fixed width. */
function widthOf(items: readonly ResolvedItem[]): number | undefined {
  let width = 0;
  for (const { codec } of items) {
    if (codec.width === undefined) return undefined;
    width += codec.width;
  }
  return width;
}

function lengthField(
  framing: StreamProfile["framing"],
  header: readonly ResolvedItem[],
  trailerWidth: number,
  fault: FaultSink,
): LengthField | undefined {
  const index = header.findIndex(({ role }) => role === "length");
  const field = header[index];
  if (framing.by !== "length") {
    if (field !== undefined)
      fault(["header", index], "holds a length that the framing does not need");
    return undefined;
  }
  if (field === undefined) {
    fault(["header"], "must have a field that holds the length");
    return undefined;
  }
  const at = widthOf(header.slice(0, index));
  const width = field.codec.width;
  const headerWidth = widthOf(header);
  if (at === undefined || width === undefined || headerWidth === undefined) {
    fault(["header"], "must have fields of fixed width only, because of the length");
    return undefined;
  }
  if (field.codec.kind !== "number") fault(["header", index], "must be a number");
  const known = at + width;
  const uncounted = { rest: known, itself: at, frame: 0, body: headerWidth + trailerWidth };
  return {
    name: field.name,
    codec: field.codec,
    at,
    known,
    uncounted: uncounted[framing.counts],
    max: framing.max,
  };
}
