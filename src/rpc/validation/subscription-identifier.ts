import { subscriptionIdentifier } from "../../calls/fields/subscription-identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { SubscriptionIdentifier as Message } from "../../gen/provisioning/v1/subscription.js";
import type { SubscriptionIdentifier } from "../../requests/create-request.js";

/** The subscription that a message names, whatever it is; undefined when it names none. */
export function namedSubscription(
  message: Message | undefined,
): SubscriptionIdentifier | undefined {
  const given = message?.identifier;
  return given && { by: given.$case, value: given.value };
}

/** The subscription that a request must name. */
export function requiredSubscriptionIdentifier(
  violations: Violations,
  message: Message | undefined,
): SubscriptionIdentifier {
  return subscriptionIdentifier(violations, namedSubscription(message));
}

/** The subscription that a request may name. */
export function optionalSubscriptionIdentifier(
  violations: Violations,
  message: Message | undefined,
): SubscriptionIdentifier | undefined {
  return message === undefined ? undefined : requiredSubscriptionIdentifier(violations, message);
}
