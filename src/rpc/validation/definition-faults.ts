import type { Violations } from "../../calls/fields/violations.js";
import type { DefinitionFault } from "../../providers/configure-adapter.js";

/** The value of a judgement; what was found wrong becomes violations. */
export function judged<T>(
  violations: Violations,
  judgement: { readonly accepted: T } | { readonly faults: readonly DefinitionFault[] },
): T | undefined {
  if ("accepted" in judgement) return judgement.accepted;
  for (const { path, description } of judgement.faults) {
    violations.add(pathText(path), description);
  }
  return undefined;
}

/** `connection.port` or `providers[2]`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
