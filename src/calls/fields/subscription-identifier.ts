import { identifierFault } from "../../inventory/identifier.js";
import type { SubscriptionIdentifier } from "../../requests/create-request.js";
import { oneOf } from "./one-of.js";
import type { Violations } from "./violations.js";

const FIELD = "subscription_identifier";

/** The members, of which a call gives exactly one. */
export const SUBSCRIPTION_MEMBERS = ["id", "number"] as const;

/** The members' paths: made once, not for each request that is right. */
const PATHS = { id: `${FIELD}.id`, number: `${FIELD}.number` };

/** The subscription that a call must name, as its edge got it; undefined when it named none. */
export function subscriptionIdentifier(
  violations: Violations,
  given: SubscriptionIdentifier | undefined,
): SubscriptionIdentifier {
  if (given === undefined) {
    violations.add(FIELD, oneOf(SUBSCRIPTION_MEMBERS));
    return { by: "id", value: "" };
  }
  const fault = identifierFault(given.value);
  if (fault !== undefined) violations.add(PATHS[given.by], fault);
  return given;
}
