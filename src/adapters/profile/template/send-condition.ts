import type { FaultSink } from "../format/fault-sink.js";
import type { Wanted } from "../format/words.js";
import { condition } from "../rules/condition.js";
import type { SendScope } from "./send-scope.js";
import type { Find } from "./template.js";

/** Makes what tells whether every one of these variables is so; one without a value is not. */
export function sendCondition(
  when: Readonly<Record<string, Wanted>>,
  find: Find<SendScope>,
  fault: FaultSink,
): (scope: SendScope) => boolean {
  const checks: ((scope: SendScope) => boolean)[] = [];
  for (const [name, wanted] of Object.entries(when)) {
    const variable = find(name);
    if (variable === undefined || variable.list) {
      fault(["when", name], "is no variable with one value");
      continue;
    }
    const made = condition(wanted, variable.kind);
    if ("fault" in made) fault(["when", name], made.fault);
    else {
      checks.push((scope) => {
        const value = variable.get(scope);
        return value !== undefined && typeof value !== "object" && made.condition(value);
      });
    }
  }
  return (scope) => checks.every((holds) => holds(scope));
}
