import type { CommandType } from "../../../requests/command.js";
import type { Outcome } from "../../../requests/outcome.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { RuleSection } from "../format/rule-section.js";
import { type Received, type ReceiveLayout, slotOf } from "../message/received.js";
import { messagesOf } from "./match.js";

type Accepted = Extract<Outcome, { kind: "accepted" }>;
type AcceptedRule = Extract<RuleSection, { outcome: "accepted" }>;

/** The commands that ask for something, with the key of a rule that names the field of the answer. */
const QUERIES = {
  GET_ACTIVE_SERVICES: "services",
  GET_PAIRING_STATUS: "set_top_boxes",
} as const satisfies Partial<Record<CommandType, keyof AcceptedRule>>;

const KEYS = Object.values(QUERIES);

/** What an answer adds to its outcome, given the command that it answers. */
export type ReadQuery = (
  received: Received,
  command: CommandType | undefined,
) => Pick<Accepted, "services" | "setTopBoxes"> | undefined;

/** Makes what reads the fields that a rule names for queries, in answers of one layout. */
export function queryFields(rule: AcceptedRule, layout: ReceiveLayout): ReadQuery {
  const services = field(rule.services, layout);
  const setTopBoxes = field(rule.set_top_boxes, layout);
  return (received, command) => {
    switch (command) {
      case "GET_ACTIVE_SERVICES": {
        const told = services?.(received);
        return told && { services: told };
      }
      case "GET_PAIRING_STATUS": {
        const told = setTopBoxes?.(received);
        return told && { setTopBoxes: told };
      }
      default:
        return undefined;
    }
  };
}

/**
 * A field of one value that does not come is an empty list: the card has none. A list without a
 * value is one that could not be read, such as a longer one than the profile takes: nothing is told.
 */
function field(
  name: string | undefined,
  layout: ReceiveLayout,
): ((received: Received) => readonly string[] | undefined) | undefined {
  const slot = name === undefined ? -1 : slotOf(layout, name);
  const known = layout.fields[slot];
  if (known === undefined) return undefined;
  return ({ values }) => {
    const value = values[slot];
    if (value === undefined) return known.list ? undefined : [];
    return [value].flat().map(String);
  };
}

/** Notes fields that no answer has. */
export function checkQueryFields(
  rules: readonly RuleSection[],
  layouts: readonly ReceiveLayout[],
  fault: FaultSink,
): void {
  for (const [index, rule] of rules.entries()) {
    if (rule.outcome !== "accepted") continue;
    const messages = messagesOf(rule.when);
    const meant = layouts.filter(({ name }) => messages?.includes(name) ?? true);
    for (const key of KEYS) {
      const name = rule[key];
      if (name === undefined || meant.some((layout) => slotOf(layout, name) >= 0)) continue;
      fault([index, key], "is no field of any message that the rule is for");
    }
  }
}

/** Notes queries whose answers would tell nothing. */
export function checkQueries(
  commands: Iterable<CommandType>,
  rules: readonly RuleSection[],
  fault: FaultSink,
): void {
  for (const command of commands) {
    if (command !== "GET_ACTIVE_SERVICES" && command !== "GET_PAIRING_STATUS") continue;
    const key = QUERIES[command];
    if (rules.some((rule) => rule.outcome === "accepted" && rule[key] !== undefined)) continue;
    fault(["commands", command], `needs a rule with outcome: accepted and ${key}`);
  }
}
