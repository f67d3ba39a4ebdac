import type { Timestamp } from "../../gen/google/protobuf/timestamp.js";

/** A date in milliseconds since 1970 as it goes over the wire; undefined stays absent. */
export function timestampOf(date: number | undefined): Timestamp | undefined {
  if (date === undefined) return undefined;
  const seconds = Math.floor(date / 1000);
  return { seconds: BigInt(seconds), nanos: (date - seconds * 1000) * 1_000_000 };
}
