import { Output } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { SendLayout } from "../message/send-layout.js";
import type { SendScope } from "../template/send-scope.js";

/** One field of a message, as bytes and as people read it. */
export interface ShownField {
  readonly field: string;
  /** Bytes before it, and its own in hexadecimal; absent where there is no such place. */
  readonly offset?: number;
  readonly bytes?: string;
  readonly value: string;
}

/** A message of ours as it would be sent. */
export interface MessageTrial {
  readonly readable: string;
  readonly bytes: string;
  readonly fields: readonly ShownField[];
  readonly correlation: Value;
}

/** Writes a message and notes where each field went. Throws an `UnwritableValue`. */
export function tryRequest(layout: SendLayout, scope: SendScope): MessageTrial {
  const out = new Output();
  let places: { name: string; start: number; end: number; shown: string }[] = [];
  out.trace = (name, start, end, shown) => places.push({ name, start, end, shown });
  out.moved = (placeOf) => {
    places = places.map(({ start, end, ...place }) => ({
      ...place,
      start: placeOf(start),
      end: placeOf(end),
    }));
  };
  layout.encode(scope, out);
  const bytes = out.copy();
  places.sort((a, b) => a.start - b.start);
  return {
    readable: out.text,
    bytes: bytes.toString("hex"),
    fields: places.map(({ name, start, end, shown }) => ({
      field: name,
      offset: start,
      bytes: bytes.toString("hex", start, end),
      value: shown,
    })),
    correlation: scope.correlation,
  };
}
