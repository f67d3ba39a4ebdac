import type { CommandType } from "../../../requests/command.js";
import type { Outcome } from "../../../requests/outcome.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { RuleSection } from "../format/rule-section.js";
import { type Received, type ReceiveLayout, slotOf } from "../message/received.js";
import { messagesOf } from "./match.js";

type Accepted = Extract<Outcome, { kind: "accepted" }>;
type AcceptedRule = Extract<RuleSection, { outcome: "accepted" }>;

/** The queries that an accepted command can be, with the key of the rule that names their field. */
export const QUERY_KEYS = {
  GET_ACTIVE_SERVICES: "services",
  GET_PAIRING_STATUS: "set_top_boxes",
} as const satisfies Partial<Record<CommandType, keyof AcceptedRule>>;

/** What an answer adds to its outcome, given the command that it answers. */
export type ReadQuery = (
  received: Received,
  command: CommandType | undefined,
) => Pick<Accepted, "services" | "setTopBoxes"> | undefined;

/** Makes what reads the fields that a rule names for queries. */
export function queryFields(
  rule: AcceptedRule,
  layout: ReceiveLayout,
  fault: FaultSink,
): ReadQuery {
  const services = field(rule, "services", layout, fault);
  const setTopBoxes = field(rule, "set_top_boxes", layout, fault);
  return (received, command) => {
    switch (command) {
      case "GET_ACTIVE_SERVICES":
        return services && { services: services(received) };
      case "GET_PAIRING_STATUS":
        return setTopBoxes && { setTopBoxes: setTopBoxes(received) };
      default:
        return undefined;
    }
  };
}

function field(
  rule: AcceptedRule,
  key: (typeof QUERY_KEYS)[keyof typeof QUERY_KEYS],
  layout: ReceiveLayout,
  fault: FaultSink,
): ((received: Received) => readonly string[]) | undefined {
  const name = rule[key];
  if (name === undefined) return undefined;
  const slot = slotOf(layout, name);
  if (slot < 0) {
    if (messagesOf(rule.when) !== undefined) fault([key], `${name} is no field of ${layout.name}`);
    return undefined;
  }
  return ({ values }) => {
    const value = values[slot];
    return value === undefined ? [] : [value].flat().map(String);
  };
}
