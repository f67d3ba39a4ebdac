import type { Violations } from "../../calls/fields/violations.js";
import type { Duration } from "../../gen/google/protobuf/duration.js";

/** A day: longer than anything is shown. */
const MAX_SECONDS = 24 * 3600;

/** Whole seconds, 0 to a day. */
export function requiredDuration(
  violations: Violations,
  field: string,
  value: Duration | undefined,
): number {
  if (value === undefined) {
    violations.add(field, "is mandatory");
    return 0;
  }
  const { seconds, nanos } = value;
  if (nanos !== 0 || seconds < 0n || seconds > MAX_SECONDS) {
    violations.add(field, `must be whole seconds from 0 to ${MAX_SECONDS}`);
    return 0;
  }
  return Number(seconds);
}

/** The same, but it need not be given. */
export function optionalDuration(
  violations: Violations,
  field: string,
  value: Duration | undefined,
): number | undefined {
  return value === undefined ? undefined : requiredDuration(violations, field, value);
}
