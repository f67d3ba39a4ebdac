import type { Value } from "../fields/value.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { When } from "../format/rule-section.js";
import { type Received, type ReceiveLayout, slotOf } from "../message/received.js";
import { type Condition, condition } from "./condition.js";

/** Tells whether a rule is for this answer. */
export type Match = (received: Received) => boolean;

/** The key of a rule's `when` that names messages. */
const MESSAGE = "message";

/** The names of messages that a rule is for; undefined for any. */
export function messagesOf(when: When): readonly string[] | undefined {
  const names = Object.hasOwn(when, MESSAGE) ? when[MESSAGE] : undefined;
  if (names === undefined) return undefined;
  if (Array.isArray(names)) return names.map(String);
  return typeof names === "object" ? [] : [String(names)];
}

/**
 * Makes the conditions of a rule on answers of one layout; undefined when the rule cannot be for
 * them. A field that such answers do not have is a fault only where the rule names the message.
 */
export function match(when: When, layout: ReceiveLayout, fault: FaultSink): Match | undefined {
  const names = messagesOf(when);
  if (names !== undefined && !names.includes(layout.name)) return undefined;
  const checks: Match[] = [];
  for (const [name, wanted] of Object.entries(when)) {
    if (name === MESSAGE) continue;
    const slot = slotOf(layout, name);
    const field = layout.fields[slot];
    if (field === undefined) {
      if (names !== undefined) fault(["when", name], `is no field of ${layout.name}`);
      return undefined;
    }
    const every = typeof wanted === "object" && !Array.isArray(wanted);
    const made = condition(every ? wanted.every : wanted, field.kind);
    if ("fault" in made) {
      fault(["when", name], made.fault);
      return undefined;
    }
    checks.push(fieldCheck(slot, made.condition, every));
  }
  const [only] = checks;
  if (only === undefined) return () => true;
  if (checks.length === 1) return only;
  return (received) => checks.every((holds) => holds(received));
}

/** Of a field with several values any must fit, or every one of them; none never do. */
function fieldCheck(slot: number, fits: Condition, every: boolean): Match {
  return ({ values }) => {
    const value = values[slot];
    if (value === undefined) return false;
    if (typeof value !== "object") return fits(value);
    const list: readonly Value[] = value;
    return every ? list.length > 0 && list.every(fits) : list.some(fits);
  };
}
