import type { FieldCodec } from "./field-codec.js";
import type { Input } from "./input.js";
import { type Output, UnwritableValue } from "./output.js";

/** How a field says where it ends. */
export type Extent =
  /** Always that many bytes; what is shorter is padded. */
  | {
      readonly kind: "fixed";
      readonly length: number;
      /** One character of padding: one byte, or two in UTF-16. */
      readonly pad: Buffer;
      readonly padAt: "start" | "end";
    }
  /** Its length stands before it. */
  | { readonly kind: "prefixed"; readonly length: FieldCodec }
  /** These bytes come after it, and never inside it: at no whole number of characters of `unit` bytes. */
  | { readonly kind: "ended"; readonly end: Buffer; readonly unit: 1 | 2 }
  /** It goes to the end of its parameter, or of its message. */
  | { readonly kind: "rest" };

/** Bytes of the field, or undefined when they depend on its value. */
export function extentWidth(extent: Extent): number | undefined {
  return extent.kind === "fixed" ? extent.length : undefined;
}

/** Writes what `write` writes, with what says where it ends. */
export function writeExtent(extent: Extent, out: Output, write: () => void): void {
  const start = out.at;
  switch (extent.kind) {
    case "rest":
      write();
      return;
    case "fixed":
      write();
      padTo(extent, out, start);
      return;
    case "prefixed": {
      extent.length.write(out, 0);
      const from = out.at;
      write();
      const end = out.at;
      out.at = start;
      extent.length.write(out, end - from);
      out.at = end;
      return;
    }
    case "ended":
      write();
      if (findEnd(extent, out.bytes.subarray(0, out.at), start) >= 0) {
        throw new UnwritableValue("holds what would end it");
      }
      out.append(extent.end);
  }
}

function padTo(extent: Extract<Extent, { kind: "fixed" }>, out: Output, start: number): void {
  const { length, pad, padAt } = extent;
  const missing = length - (out.at - start);
  if (missing < 0) throw new UnwritableValue(`has ${out.at - start} bytes, over ${length}`);
  if (missing % pad.length !== 0) throw new UnwritableValue("leaves half a character of room");
  if (missing === 0) return;
  out.reserve(missing);
  if (padAt === "end") {
    out.bytes.fill(pad, out.at, out.at + missing);
  } else {
    out.bytes.copyWithin(start + missing, start, out.at);
    out.bytes.fill(pad, start, start + missing);
  }
  out.at += missing;
}

/**
 * The end of the field's own bytes, which begin at `input.at` afterwards; undefined when they are
 * not all there. `leave` then moves past what follows them.
 */
export function enterExtent(extent: Extent, input: Input): number | undefined {
  switch (extent.kind) {
    case "rest":
      return input.end;
    case "fixed": {
      const end = input.at + extent.length;
      return end > input.end ? undefined : end;
    }
    case "prefixed": {
      const length = extent.length.read(input);
      if (typeof length !== "number" || input.at + length > input.end) return undefined;
      return input.at + length;
    }
    case "ended": {
      const end = findEnd(extent, input.bytes, input.at);
      return end < 0 || end + extent.end.length > input.end ? undefined : end;
    }
  }
}

/** Where the end of a field that begins at `start` begins; -1 when it is not there. */
function findEnd(
  { end, unit }: Extract<Extent, { kind: "ended" }>,
  bytes: Buffer,
  start: number,
): number {
  let found = bytes.indexOf(end, start);
  while (found >= 0 && (found - start) % unit !== 0) found = bytes.indexOf(end, found + 1);
  return found;
}

/** Moves past the field, whose own bytes end at `end`. */
export function leaveExtent(extent: Extent, input: Input, end: number): void {
  input.at = extent.kind === "ended" ? end + extent.end.length : end;
}

/** Where the bytes between `start` and `end` begin and stop when padding is taken away. */
export function withoutPadding(
  extent: Extent,
  bytes: Buffer,
  start: number,
  end: number,
): readonly [number, number] {
  if (extent.kind !== "fixed") return [start, end];
  const { pad, padAt } = extent;
  let from = start;
  let to = end;
  if (padAt === "end")
    while (to - from >= pad.length && isPad(bytes, to - pad.length, pad)) to -= pad.length;
  else while (to - from >= pad.length && isPad(bytes, from, pad)) from += pad.length;
  return [from, to];
}

function isPad(bytes: Buffer, at: number, pad: Buffer): boolean {
  return bytes[at] === pad[0] && (pad.length === 1 || bytes[at + 1] === pad[1]);
}
