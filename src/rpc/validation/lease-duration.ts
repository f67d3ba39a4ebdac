import type { Violations } from "../../calls/fields/violations.js";
import type { Duration } from "../../gen/google/protobuf/duration.js";

const DEFAULT_MS = 60_000;
const MIN_MS = 1000;
const MAX_MS = 3_600_000;

/** How long claimed requests are the caller's, in milliseconds; what is finer is cut off. */
export function leaseDuration(
  violations: Violations,
  field: string,
  value: Duration | undefined,
): number {
  if (value === undefined) return DEFAULT_MS;
  const ms = Number(value.seconds) * 1000 + Math.trunc(value.nanos / 1_000_000);
  if (ms < MIN_MS || ms > MAX_MS) violations.add(field, "must be 1 second to 1 hour");
  return ms;
}
