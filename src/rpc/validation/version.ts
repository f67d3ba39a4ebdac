import type { Violations } from "../../calls/fields/violations.js";

/** The version that a caller has seen; undefined when it is 0. */
export function optionalVersion(
  violations: Violations,
  field: string,
  value: bigint,
): number | undefined {
  if (value < 0n) violations.add(field, "must not be negative");
  return value === 0n ? undefined : Number(value);
}

/** The same where a change must not overwrite what its caller has not seen. */
export function requiredVersion(violations: Violations, field: string, value: bigint): number {
  const version = optionalVersion(violations, field, value);
  if (version === undefined) violations.add(field, "is mandatory: that of what was read");
  return version ?? 0;
}
