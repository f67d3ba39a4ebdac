import type { Value } from "../fields/value.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { LoginRuleSection } from "../format/rule-section.js";
import { type Received, type ReceiveLayout, readableForm, slotOf } from "../message/received.js";
import { match, messagesOf } from "./match.js";
import { fill } from "./outcome-rules.js";
import { receivedVariables } from "./received-variables.js";

/** What the CA system made of the login. */
export type LoginVerdict =
  /** `lastTransaction`: the highest command number that it remembers; 0 for none. */
  | {
      readonly kind: "open";
      readonly lastTransaction: number;
      /** What later messages may use, by name. */
      readonly kept: Readonly<Record<string, Value>>;
    }
  | { readonly kind: "refused"; readonly text: string };

type Decide = (received: Received) => LoginVerdict | undefined;

/** Makes the rules for answers to the login: the first that fits; no session without one. */
export function loginRules(
  rules: readonly LoginRuleSection[],
  layouts: readonly ReceiveLayout[],
  login: string,
  fault: FaultSink,
): (received: Received) => LoginVerdict {
  const names = new Set(layouts.map(({ name }) => name));
  for (const [index, rule] of rules.entries()) {
    for (const name of messagesOf(rule.when) ?? []) {
      if (!names.has(name))
        fault([index, "when", "message"], `${name} is no message that is received`);
    }
  }
  const rows = new Map<ReceiveLayout, readonly Decide[]>(
    layouts.map((layout) => [
      layout,
      rules.flatMap((rule, index) => {
        const decide = decider(rule, layout, login, (path, text) => fault([index, ...path], text));
        return decide === undefined ? [] : [decide];
      }),
    ]),
  );
  return (received) => {
    const { layout, unreadable } = received;
    if (unreadable === undefined) {
      for (const decide of rows.get(layout) ?? []) {
        const verdict = decide(received);
        if (verdict !== undefined) return verdict;
      }
    }
    const missing = unreadable === undefined ? "" : ` without a readable ${unreadable}`;
    const text = `the CA system answered ${login} with ${readableForm(received)}${missing}`;
    return { kind: "refused", text };
  };
}

function decider(
  rule: LoginRuleSection,
  layout: ReceiveLayout,
  login: string,
  fault: FaultSink,
): Decide | undefined {
  const fits = match(rule.when, layout, fault);
  if (fits === undefined) return undefined;
  if (rule.outcome === "refused") {
    const why = fill(rule.text, receivedVariables(layout), ["text"], fault);
    return (received) => {
      if (!fits(received)) return undefined;
      const text = `the CA system refused the session: ${why(received)}`.trimEnd();
      return { kind: "refused", text };
    };
  }
  const last = rule.last_transaction;
  const wanted = [...(last === undefined ? [] : [last]), ...rule.remember].map((name) => {
    const slot = slotOf(layout, name);
    const key = name === last ? ["last_transaction"] : ["remember"];
    if (slot < 0) fault(key, `${name} is no field of ${layout.name}`);
    return { name, slot };
  });
  return (received) => {
    if (!fits(received)) return undefined;
    const kept: Record<string, Value> = {};
    let lastTransaction = 0;
    for (const { name, slot } of wanted) {
      const value = received.values[slot];
      if (value === undefined || typeof value === "object" || (name === last && !isCount(value))) {
        const text = `the CA system answered ${login} without a readable ${name}`;
        return { kind: "refused", text };
      }
      if (rule.remember.includes(name)) kept[name] = value;
      if (name === last) lastTransaction = Number(value);
    }
    return { kind: "open", lastTransaction, kept };
  };
}

/** A transaction number, as a number or in digits. */
function isCount(value: Value): boolean {
  return /^[0-9]{1,10}$/.test(String(value));
}
