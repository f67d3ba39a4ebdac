import type { CreateRequest } from "../requests/create-request.js";
import type { SubscriptionReset } from "../requests/subscription-reset.js";
import { hmacSha256 } from "./hmac-sha256.js";

type Body = Omit<CreateRequest, Unhashed>;
/** Who creates, and the request_id, are what a body is looked up by; what is outdated changes. */
type Unhashed = "requestId" | "createdBy" | "outdated";

/**
 * Tells two bodies under one request_id apart. Keyed, since the plain hash of a body with a PIN of
 * four digits falls to ten thousand guesses.
 *
 * Hashes are stored: the members, their order and the form of the text must stay as they are.
 */
export function bodyHasher(
  key: Buffer,
): (create: CreateRequest, pin: string | undefined) => string {
  const hmac = hmacSha256(key);
  return (create, pin) => {
    const body: Body = {
      command: create.command,
      subscription: create.subscription,
      smartcard: create.smartcard,
      processImmediately: create.processImmediately,
      scheduledDate: create.scheduledDate,
      priority: create.priority,
      expireDate: create.expireDate,
      callerReference: create.callerReference,
      onBehalfOf: create.onBehalfOf,
      reason: create.reason,
      retryOf: create.retryOf,
    };
    return hmac(JSON.stringify([body, pin ?? null]));
  };
}

/** The same for resets: no create has the hash of one. */
export function resetHasher(key: Buffer): (reset: SubscriptionReset) => string {
  const hmac = hmacSha256(key);
  return (reset) => {
    const body: Omit<SubscriptionReset, Unhashed> = {
      subscription: reset.subscription,
      scheduledDate: reset.scheduledDate,
      priority: reset.priority,
      expireDate: reset.expireDate,
      callerReference: reset.callerReference,
      onBehalfOf: reset.onBehalfOf,
      reason: reset.reason,
    };
    return hmac(JSON.stringify(["RESET_SUBSCRIPTION", body]));
  };
}
