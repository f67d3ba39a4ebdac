import { addressCommand } from "./address-command.js";
import type { Command } from "./command.js";
import type { CreateRequest } from "./create-request.js";
import type { ProviderRules } from "./provider-rules.js";
import { sendingFaults } from "./sendable.js";
import type { Fault } from "./service-error.js";

/** An installed item as the inventory holds it. */
export interface FoundItem {
  readonly id: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly serialNumber: string;
  readonly alternativeCode: string | undefined;
  readonly caId: string | undefined;
  readonly provider: string | undefined;
}

/** What the inventory and the providers hold for the names of one create; undefined where nothing. */
export interface Resolution {
  readonly subscription: { readonly id: string; readonly number: string } | undefined;
  readonly item: FoundItem | undefined;
  /** Of a create that names one. */
  readonly setTopBox: FoundItem | undefined;
  readonly providerState: string | undefined;
}

/** Where a create goes, once nothing is wrong with it. */
export interface Destination {
  readonly subscription: { readonly id: string; readonly number: string };
  readonly item: {
    readonly id: string;
    readonly serialNumber: string;
    readonly alternativeCode: string | undefined;
  };
  readonly provider: string;
  readonly caId: string;
  /** With the CA system's ids of all that it names. */
  readonly command: Command;
}

/**
 * Holds a new create against the time, then against what its names stand for: all that is not there
 * (NOT_FOUND), or else all that does not fit (FAILED_PRECONDITION), or else all that its provider's
 * protocol cannot say, or else where it goes.
 */
export function checkCreate(
  { create, pinDigits }: { readonly create: CreateRequest; readonly pinDigits: number | undefined },
  found: Resolution,
  rules: ProviderRules,
): { destination: Destination } | { faults: [Fault, ...Fault[]] } {
  const [outdated, ...others] = create.outdated;
  if (outdated !== undefined) return { faults: [outdated, ...others] };
  const { subscription, item } = found;
  const faults = missingNames(create, found);
  if (subscription !== undefined && item !== undefined && faults.length === 0) {
    const { command: requested } = create;
    const resource = { type: "smartcard", name: create.smartcard.value };
    const field = `smartcard_identifier.${create.smartcard.by}`;
    const add = (reason: Fault["reason"], description: string) =>
      faults.push({ reason, field, description, resource });
    if (item.subscriptionId !== subscription.id) {
      add("SMARTCARD_NOT_OF_SUBSCRIPTION", "this card belongs to another subscription");
    }
    if (item.type !== "SMARTCARD") {
      add("ITEM_NOT_A_SMARTCARD", "this installed item is not a smartcard");
    }
    const { provider, caId } = item;
    if (provider === undefined || caId === undefined) {
      add("SMARTCARD_WITHOUT_PROVIDER", "this card has no provider and CA id");
    } else {
      if (found.providerState !== "EFFECTIVE") {
        add("PROVIDER_NOT_EFFECTIVE", `provider ${provider} is not effective`);
      }
      if (!rules.commands(provider).has(requested.type)) {
        add("COMMAND_NOT_SUPPORTED", `provider ${provider} does not support ${requested.type}`);
      }
      const place = { subscriptionId: subscription.id, provider, setTopBox: found.setTopBox };
      const addressed = addressCommand(requested, place, rules);
      if ("faults" in addressed) faults.push(...addressed.faults);
      else if (faults.length === 0) {
        const { command } = addressed;
        const draft = { caId, subscriptionNumber: subscription.number, command, pinDigits };
        faults.push(...sendingFaults(create, provider, draft, rules));
        if (faults.length === 0) {
          return { destination: { subscription, item, provider, caId, command } };
        }
      }
    }
  }
  const [first, ...rest] = faults;
  if (first === undefined) throw new Error("a create with neither destination nor fault");
  return { faults: [first, ...rest] };
}

function missingNames(create: CreateRequest, found: Resolution): Fault[] {
  const { command } = create;
  const faults: Fault[] = [];
  if (found.subscription === undefined) {
    faults.push(missing("SUBSCRIPTION_NOT_FOUND", "subscription", create.subscription));
  }
  if (found.item === undefined) {
    faults.push(missing("SMARTCARD_NOT_FOUND", "smartcard", create.smartcard));
  }
  if (command.type === "PAIR" && found.setTopBox === undefined) {
    faults.push(missing("SET_TOP_BOX_NOT_FOUND", "set_top_box", command.setTopBox));
  }
  return faults;
}

/** What people call what a call names. */
const WORDS = {
  subscription: "subscription",
  smartcard: "smartcard",
  set_top_box: "set-top box",
} as const;

function missing(
  reason: "SUBSCRIPTION_NOT_FOUND" | "SMARTCARD_NOT_FOUND" | "SET_TOP_BOX_NOT_FOUND",
  type: keyof typeof WORDS,
  identifier: { by: string; value: string },
): Fault {
  return {
    reason,
    field: `${type}_identifier.${identifier.by}`,
    description: `no ${WORDS[type]} has this ${identifier.by}`,
    resource: { type, name: identifier.value },
  };
}
