import type { Violations } from "./violations.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID of any version in its text form, in lower case; undefined when it was not given. */
export function optionalUuid(
  violations: Violations,
  field: string,
  value: string,
): string | undefined {
  if (value === "") return undefined;
  if (!UUID.test(value)) {
    violations.add(field, "is no UUID like 0190a6f0-7c3e-7b1a-8f00-1234567890ab");
  }
  return value.toLowerCase();
}
