import type { Violations } from "../../calls/fields/violations.js";
import type { ResetSubscriptionRequest } from "../../gen/provisioning/v1/subscription_reset.js";
import type { SubscriptionReset } from "../../requests/subscription-reset.js";
import { readSharedFields } from "./create.js";

/** What a call of ResetSubscription says, each field checked. `now` is the process's time. */
export function readSubscriptionReset(
  violations: Violations,
  message: ResetSubscriptionRequest,
  createdBy: string,
  now: number,
): SubscriptionReset {
  return readSharedFields(violations, { ...message, processImmediately: false }, createdBy, now);
}
