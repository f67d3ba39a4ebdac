import { identifierFault } from "../../inventory/identifier.js";
import type { Violations } from "./violations.js";

/** 1 to 64 characters, no control characters, no outer spaces. */
export function requiredIdentifier(violations: Violations, field: string, value: string): string {
  const fault = identifierFault(value);
  if (fault !== undefined) violations.add(field, fault);
  return value;
}

/** The same, but an empty text means that it was not given. */
export function optionalIdentifier(
  violations: Violations,
  field: string,
  value: string,
): string | undefined {
  return value === "" ? undefined : requiredIdentifier(violations, field, value);
}
