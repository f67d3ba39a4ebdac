import type { FoundItem } from "./check-create.js";
import type { Command, MappedService } from "./command.js";
import type { ProviderRules } from "./provider-rules.js";
import type { RequestedCommand } from "./requested-command.js";
import type { Fault } from "./service-error.js";

/** Where a command is to go, and what its names stand for there. */
export interface CommandPlace {
  readonly subscriptionId: string;
  /** Of the card. */
  readonly provider: string;
  /** Of a command that names one; undefined when there is none of the name. */
  readonly setTopBox: FoundItem | undefined;
}

type Addressed = { readonly command: Command } | { readonly faults: readonly Fault[] };

/** Gives a command the ids that the CA system has for all it names, or tells which it lacks. */
export function addressCommand(
  command: RequestedCommand,
  place: CommandPlace,
  rules: Pick<ProviderRules, "serviceCaId">,
): Addressed {
  switch (command.type) {
    case "AUTHORISE_SERVICES":
    case "CANCEL_SERVICES": {
      const mapped = mapServices(command.services, place.provider, rules);
      if ("faults" in mapped) return mapped;
      return { command: { ...command, services: mapped.services } };
    }
    case "PAIR":
      return pair(command, place);
    default:
      return { command };
  }
}

function mapServices(
  codes: readonly string[],
  provider: string,
  rules: Pick<ProviderRules, "serviceCaId">,
): { readonly services: readonly MappedService[] } | { readonly faults: readonly Fault[] } {
  const services: MappedService[] = [];
  const faults: Fault[] = [];
  codes.forEach((code, index) => {
    const caId = rules.serviceCaId(provider, code);
    if (caId !== undefined) services.push({ code, caId });
    else {
      faults.push({
        reason: "SERVICE_NOT_MAPPED",
        field: `services[${index}]`,
        description: `provider ${provider} has no service for ${JSON.stringify(code)}`,
        resource: { type: "service", name: code },
      });
    }
  });
  return faults.length === 0 ? { services } : { faults };
}

function pair(
  { type, setTopBox: named }: Extract<RequestedCommand, { type: "PAIR" }>,
  { subscriptionId, provider, setTopBox: box }: CommandPlace,
): Addressed {
  // That it is not there is told with the other names that are not.
  if (box === undefined) return { faults: [] };
  const faults: Fault[] = [];
  const resource = { type: "set_top_box", name: named.value };
  const add = (reason: Fault["reason"], description: string) =>
    faults.push({ reason, field: `set_top_box_identifier.${named.by}`, description, resource });
  if (box.subscriptionId !== subscriptionId) {
    add("SET_TOP_BOX_NOT_OF_SUBSCRIPTION", "this set-top box belongs to another subscription");
  }
  if (box.type !== "SET_TOP_BOX") {
    add("ITEM_NOT_A_SET_TOP_BOX", "this installed item is not a set-top box");
  }
  const { id, serialNumber, alternativeCode, caId } = box;
  if (box.provider === undefined || caId === undefined) {
    add("SET_TOP_BOX_WITHOUT_PROVIDER", "this set-top box has no provider and CA id");
    return { faults };
  }
  if (box.provider !== provider) {
    add(
      "SET_TOP_BOX_OF_OTHER_PROVIDER",
      `this set-top box is known to provider ${box.provider}, the card to ${provider}`,
    );
  }
  if (faults.length > 0) return { faults };
  const code = alternativeCode === undefined ? {} : { alternativeCode };
  return { command: { type, setTopBox: { id, serialNumber, ...code, caId } } };
}
