import type { Violations } from "./violations.js";

const CONTROL = /\p{Cc}/u;

/** Text that a caller must give: 1 to `maxLength` characters, no control characters. */
export function requiredText(
  violations: Violations,
  field: string,
  value: string,
  maxLength: number,
): string {
  if (value === "") violations.add(field, "is mandatory");
  return optionalText(violations, field, value, maxLength) ?? "";
}

/** Text that a caller may give: up to `maxLength` characters, no control characters. */
export function optionalText(
  violations: Violations,
  field: string,
  value: string,
  maxLength = 128,
): string | undefined {
  if (value === "") return undefined;
  // Characters are code points, of one or two code units each.
  if (value.length > 2 * maxLength || (value.length > maxLength && [...value].length > maxLength)) {
    violations.add(field, `is longer than ${maxLength} characters`);
  } else if (CONTROL.test(value)) {
    violations.add(field, "must not hold control characters");
  }
  return value;
}
