import { dateWithin } from "../../calls/fields/date.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { Timestamp } from "../../gen/google/protobuf/timestamp.js";

const MAX_NANOS = 999_999_999;

/** A date in milliseconds since 1970, what is finer cut off; undefined when it was not given. */
export function optionalDate(
  violations: Violations,
  field: string,
  value: Timestamp | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  const { seconds, nanos } = value;
  // Seconds of 64 bits become numbers that are out of the range as well.
  const ms = Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
  return dateWithin(violations, field, nanos < 0 || nanos > MAX_NANOS ? Number.NaN : ms);
}
