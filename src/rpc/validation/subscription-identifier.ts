import type { SubscriptionIdentifier as Message } from "../../gen/provisioning/v1/subscription.js";
import type { SubscriptionIdentifier } from "../../requests/create-request.js";
import { requiredIdentifier } from "./identifier.js";
import { requiredOneof } from "./required-oneof.js";
import type { Violations } from "./violations.js";

const FIELD = "subscription_identifier";

const MEMBERS = ["id", "number"] as const;

/** The members' paths: made once, not for each request that is right. */
const PATHS = { id: `${FIELD}.id`, number: `${FIELD}.number` };

/** The subscription that a request must name. */
export function requiredSubscriptionIdentifier(
  violations: Violations,
  message: Message | undefined,
): SubscriptionIdentifier {
  const given = requiredOneof(violations, FIELD, MEMBERS, message?.identifier);
  if (given === undefined) return { by: "id", value: "" };
  const by = given.$case;
  return { by, value: requiredIdentifier(violations, PATHS[by], given.value) };
}

/** The subscription that a request may name. */
export function optionalSubscriptionIdentifier(
  violations: Violations,
  message: Message | undefined,
): SubscriptionIdentifier | undefined {
  return message === undefined ? undefined : requiredSubscriptionIdentifier(violations, message);
}
