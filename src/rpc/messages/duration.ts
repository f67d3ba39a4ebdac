import type { Duration } from "../../gen/google/protobuf/duration.js";

/** Whole seconds as they go over the wire; undefined stays absent. */
export function durationOf(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : { seconds: BigInt(seconds), nanos: 0 };
}
