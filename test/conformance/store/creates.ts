import { v7 } from "uuid";
import type { CreateRequest } from "../../../src/requests/create-request.js";
import type { Acceptance } from "../../../src/store/request-store.js";

/** What a test says of a create; everything else is as plain as can be. */
export interface Create extends Partial<CreateRequest> {
  /** The item's id; default: the first card of `alpha`. */
  readonly card?: string;
  readonly bodyHash?: string;
  readonly sealedPin?: string;
}

export function acceptance({ card, bodyHash, sealedPin, ...create }: Create = {}): Acceptance {
  return {
    create: {
      command: { type: "REAUTHORISE_ALL_SERVICES" },
      subscription: { by: "id", value: "sub-1" },
      smartcard: { by: "id", value: card ?? "card-0" },
      processImmediately: false,
      scheduledDate: undefined,
      priority: "REGULAR",
      expireDate: undefined,
      requestId: undefined,
      callerReference: undefined,
      onBehalfOf: undefined,
      reason: undefined,
      retryOf: undefined,
      createdBy: "caller",
      outdated: [],
      ...create,
    },
    id: v7(),
    bodyHash,
    sealedPin,
    pinDigits: sealedPin === undefined ? undefined : 4,
  };
}

/** Creates for the first cards of `alpha`, one each. */
export function onCards(count: number, create: Create = {}): Create[] {
  return Array.from({ length: count }, (_, i) => ({ ...create, card: `card-${i}` }));
}
