import type { Acceptor } from "../../accept/acceptor.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  ResetSubscriptionRequest,
  ResetSubscriptionResponse,
} from "../../gen/provisioning/v1/subscription_reset.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { readSubscriptionReset } from "../validation/subscription-reset.js";

/** ResetSubscription: a re-authorisation for each card, all stored or none. */
export function resetSubscription(deps: {
  readonly acceptor: Pick<Acceptor, "reset">;
}): UnaryHandler<ResetSubscriptionRequest, ResetSubscriptionResponse> {
  return async (call, message) => {
    const now = call.clock.now();
    const reset = validate((violations) =>
      readSubscriptionReset(violations, message, call.principal.name, now),
    );
    const { requests, replayed } = await deps.acceptor.reset(reset);
    return { provisioningRequests: requests.map(provisioningRequestMessage), replayed };
  };
}
