import type { CommandDraft, CommandFault, GivenPart } from "./command-draft.js";
import type { CreateRequest } from "./create-request.js";
import type { ProviderRules } from "./provider-rules.js";
import type { Fault } from "./service-error.js";

/** The fields of a create that hold what callers give. */
const FIELDS: Readonly<Record<GivenPart, string>> = {
  text: "text",
  duration: "duration",
  repeat_interval: "repeat_interval",
  services: "services",
  start: "start_date",
  end: "end_date",
  pin: "new_pin",
};

/**
 * All that the provider's protocol cannot say of a command. One rule tells the status: what the
 * caller gave is the caller's to mend (INVALID_ARGUMENT), what the inventory has is not
 * (FAILED_PRECONDITION).
 */
export function sendingFaults(
  create: CreateRequest,
  provider: string,
  draft: CommandDraft,
  rules: Pick<ProviderRules, "commandFaults">,
): Fault[] {
  return rules
    .commandFaults(provider, draft)
    .map((fault) => told(fault, create, `cannot be sent to provider ${provider}:`));
}

function told({ part, description }: CommandFault, create: CreateRequest, why: string): Fault {
  const { command, smartcard, subscription } = create;
  const text = `${why} ${description}`;
  switch (part) {
    case "whole":
      return { reason: "VALUE_NOT_SENDABLE", description: `the command ${text}` };
    case "smartcard":
      return {
        reason: "INVENTORY_NOT_SENDABLE",
        field: `smartcard_identifier.${smartcard.by}`,
        description: `the card's CA id ${text}`,
        resource: { type: "smartcard", name: smartcard.value },
      };
    case "set_top_box": {
      const { by, value } = command.type === "PAIR" ? command.setTopBox : smartcard;
      return {
        reason: "INVENTORY_NOT_SENDABLE",
        field: `set_top_box_identifier.${by}`,
        description: `the set-top box's CA id ${text}`,
        resource: { type: "set_top_box", name: value },
      };
    }
    case "subscription_number":
      return {
        reason: "INVENTORY_NOT_SENDABLE",
        field: `subscription_identifier.${subscription.by}`,
        description: `the subscription's number ${text}`,
        resource: { type: "subscription", name: subscription.value },
      };
    default:
      return { reason: "VALUE_NOT_SENDABLE", field: FIELDS[part], description: text };
  }
}
