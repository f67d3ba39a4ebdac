import { batchSize } from "../../calls/fields/batch-size.js";
import type { Violations } from "../../calls/fields/violations.js";
import { identifierFault } from "../../inventory/identifier.js";

const FIELD = "services";

/** The codes of services: 1 to 1,000, each an identifier, none twice. */
export function requiredServices(
  violations: Violations,
  codes: readonly string[],
): readonly string[] {
  batchSize(violations, FIELD, codes);
  const places = new Map<string, number>();
  codes.forEach((code, index) => {
    const first = places.get(code);
    if (first === undefined) places.set(code, index);
    const fault =
      identifierFault(code) ?? (first === undefined ? undefined : `is services[${first}] again`);
    if (fault !== undefined) violations.add(`${FIELD}[${index}]`, fault);
  });
  return codes;
}
