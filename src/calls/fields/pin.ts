import type { PinRule } from "../../requests/pin-rule.js";
import type { Violations } from "./violations.js";

/** A PIN that keeps to the rule. Whatever is wrong with it, it is never quoted. */
export function requiredPin(
  violations: Violations,
  field: string,
  value: string,
  rule: PinRule,
): string {
  const fault = rule(value);
  if (fault !== undefined) violations.add(field, fault);
  return value;
}
