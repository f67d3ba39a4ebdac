import type { Refusal } from "./message.js";

/** 1..4 are final and remembered, 5 says the number is taken, 100 may be tried again. */

/** What the fault dice refuse with: the card exists but is switched off. */
export const cardNotActive: Refusal = { code: 2, description: "card not active" };

/** More services than one GET_ACTIVE_SERVICES answer could list. */
export const tooManyServices: Refusal = { code: 4, description: "no room for more services" };

/** The number is remembered, or in progress, with other bytes. */
export const transactionUsed: Refusal = { code: 5, description: "transaction used" };

/** What the fault dice fail with. */
export const internalError: Refusal = { code: 100, description: "internal error" };

/** A parameter is missing, there twice or malformed; the reason names it, never its value. */
export function invalidParameter(reason: string): Refusal {
  return { code: 3, description: reason };
}

/** No session, or none to be had. */
export function notLoggedIn(reason: string): Refusal {
  return { code: 101, description: reason };
}
