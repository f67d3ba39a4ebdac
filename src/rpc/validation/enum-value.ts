import type { Violations } from "../../calls/fields/violations.js";

/**
 * What a value of an enum means here. Values without a meaning are refused, among them numbers
 * that this version does not know. A meaning for `..._UNSPECIFIED` makes the field optional.
 */
export function enumValue<Value extends string, Meaning>(
  violations: Violations,
  field: string,
  value: Value,
  meanings: Readonly<Partial<Record<Value, Meaning>>>,
  /** Stands in for the meaning of a refused value. */
  whenRefused: Meaning,
): Meaning {
  const meaning = meanings[value];
  if (meaning !== undefined) return meaning;
  violations.add(field, `must be one of ${Object.keys(meanings).join(", ")}`);
  return whenRefused;
}
