import type { ResetSubscriptionRequest } from "../../gen/provisioning/v1/subscription_reset.js";
import type { SubscriptionReset } from "../../requests/subscription-reset.js";
import { readShared } from "./create.js";
import { requiredSubscriptionIdentifier } from "./subscription-identifier.js";
import type { Violations } from "./violations.js";

/** What a call of ResetSubscription says, each field checked. `now` is the process's time. */
export function readSubscriptionReset(
  violations: Violations,
  message: ResetSubscriptionRequest,
  createdBy: string,
  now: number,
): SubscriptionReset {
  const subscription = requiredSubscriptionIdentifier(violations, message.subscriptionIdentifier);
  const shared = readShared(violations, { ...message, processImmediately: false }, now);
  return { subscription, createdBy, ...shared };
}
