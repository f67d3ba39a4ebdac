import type { CreateRequest } from "./create-request.js";
import type { Fault } from "./service-error.js";

/** Cards of one subscription that are reset at once; a subscription with more is no customer's. */
export const MAX_RESET_CARDS = 1000;

/** A well-formed wish to re-authorise every card of a subscription. */
export type SubscriptionReset = Omit<
  CreateRequest,
  "command" | "smartcard" | "processImmediately" | "retryOf"
>;

/**
 * The creates of a reset, one for each card. The first has its request_id, and stands for all when
 * the reset is repeated.
 */
export function resetCreates(
  reset: SubscriptionReset,
  cardIds: readonly string[],
): readonly CreateRequest[] {
  return cardIds.map((id, place) => ({
    ...reset,
    command: { type: "REAUTHORISE_ALL_SERVICES" },
    smartcard: { by: "id", value: id },
    processImmediately: false,
    retryOf: undefined,
    requestId: place === 0 ? reset.requestId : undefined,
  }));
}

/** Why so many cards cannot be reset; undefined when they can. */
export function cardCountFault(reset: SubscriptionReset, cards: number): Fault | undefined {
  const { by, value } = reset.subscription;
  const about = {
    field: `subscription_identifier.${by}`,
    resource: { type: "subscription", name: value },
  };
  if (cards === 0) {
    const description = "no card of this subscription has a provider";
    return { reason: "NO_CARD_TO_RESET", description, ...about };
  }
  if (cards <= MAX_RESET_CARDS) return undefined;
  const description = `this subscription has more than ${MAX_RESET_CARDS} cards`;
  return { reason: "TOO_MANY_CARDS", description, ...about };
}

/** A fault of one card's create, as the reset tells it: the caller did not name the card. */
export function cardFault(fault: Fault): Fault {
  const { field: _, resource, ...rest } = fault;
  if (resource?.type !== "smartcard") return fault;
  return { ...rest, resource, description: `card ${resource.name}: ${fault.description}` };
}
