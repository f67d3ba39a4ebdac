import type { FieldCodec } from "./field-codec.js";
import type { Input } from "./input.js";
import { type Output, UnwritableValue } from "./output.js";

/** How a field says where it ends. */
export type Extent =
  /** Always that many bytes; what is shorter is padded. */
  | {
      readonly kind: "fixed";
      readonly length: number;
      readonly pad: number;
      readonly padAt: "start" | "end";
    }
  /** Its length stands before it. */
  | { readonly kind: "prefixed"; readonly length: FieldCodec }
  /** These bytes come after it, and never inside it. */
  | { readonly kind: "ended"; readonly end: Buffer }
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
      if (out.bytes.subarray(start, out.at).includes(extent.end)) {
        throw new UnwritableValue("holds what would end it");
      }
      out.append(extent.end);
  }
}

function padTo(extent: Extract<Extent, { kind: "fixed" }>, out: Output, start: number): void {
  const { length, pad, padAt } = extent;
  const missing = length - (out.at - start);
  if (missing < 0) throw new UnwritableValue(`has ${out.at - start} bytes, over ${length}`);
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
      const end = input.bytes.indexOf(extent.end, input.at);
      return end < 0 || end + extent.end.length > input.end ? undefined : end;
    }
  }
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
  let from = start;
  let to = end;
  if (extent.padAt === "end") while (to > from && bytes[to - 1] === extent.pad) to -= 1;
  else while (from < to && bytes[from] === extent.pad) from += 1;
  return [from, to];
}
