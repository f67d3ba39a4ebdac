import { type CommandType, isCommandType } from "./command.js";
import type { CreateRequest } from "./create-request.js";
import type { Fault } from "./service-error.js";

/** What the inventory and the providers hold for the names of one create; undefined where nothing. */
export interface Resolution {
  readonly subscription: { readonly id: string; readonly number: string } | undefined;
  readonly item:
    | {
        readonly id: string;
        readonly type: string;
        readonly subscriptionId: string;
        readonly serialNumber: string;
        readonly alternativeCode: string | undefined;
        readonly caId: string | undefined;
        readonly provider: string | undefined;
      }
    | undefined;
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
}

/** The commands that a provider takes, from its adapter and its settings. */
export type SupportedCommands = (provider: string) => ReadonlySet<CommandType>;

/**
 * Holds a create against what its names stand for: all that is not there (NOT_FOUND), or else all
 * that does not fit (FAILED_PRECONDITION), or else where it goes.
 */
export function checkCreate(
  create: CreateRequest,
  found: Resolution,
  supported: SupportedCommands,
): { destination: Destination } | { faults: [Fault, ...Fault[]] } {
  const { subscription, item } = found;
  const faults: Fault[] = [];
  if (subscription === undefined) {
    faults.push(missing("SUBSCRIPTION_NOT_FOUND", "subscription", create.subscription));
  }
  if (item === undefined) {
    faults.push(missing("SMARTCARD_NOT_FOUND", "smartcard", create.smartcard));
  }
  if (subscription !== undefined && item !== undefined) {
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
    if (item.provider === undefined || item.caId === undefined) {
      add("SMARTCARD_WITHOUT_PROVIDER", "this card has no provider and CA id");
    } else {
      if (found.providerState !== "EFFECTIVE") {
        add("PROVIDER_NOT_EFFECTIVE", `provider ${item.provider} is not effective`);
      }
      if (
        !isCommandType(create.command.type) ||
        !supported(item.provider).has(create.command.type)
      ) {
        add(
          "COMMAND_NOT_SUPPORTED",
          `provider ${item.provider} does not support ${create.command.type}`,
        );
      }
      if (faults.length === 0) {
        const { provider, caId } = item;
        return { destination: { subscription, item, provider, caId } };
      }
    }
  }
  const [first, ...rest] = faults;
  if (first === undefined) throw new Error("a create with neither destination nor fault");
  return { faults: [first, ...rest] };
}

function missing(
  reason: "SUBSCRIPTION_NOT_FOUND" | "SMARTCARD_NOT_FOUND",
  type: "subscription" | "smartcard",
  identifier: { by: string; value: string },
): Fault {
  return {
    reason,
    field: `${type}_identifier.${identifier.by}`,
    description: `no ${type} has this ${identifier.by}`,
    resource: { type, name: identifier.value },
  };
}
