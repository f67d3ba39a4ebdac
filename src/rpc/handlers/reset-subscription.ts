import type { Acceptor } from "../../accept/acceptor.js";
import { resetSubscription as reset } from "../../calls/reset-subscription.js";
import type {
  ResetSubscriptionRequest,
  ResetSubscriptionResponse,
} from "../../gen/provisioning/v1/subscription_reset.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { readShared } from "../validation/create.js";

/** ResetSubscription: a re-authorisation for each card, all stored or none. */
export function resetSubscription(deps: {
  readonly acceptor: Pick<Acceptor, "reset">;
}): UnaryHandler<ResetSubscriptionRequest, ResetSubscriptionResponse> {
  return async (call, message) => {
    const { requests, replayed } = await reset(deps, call, (violations) =>
      readShared(violations, { ...message, processImmediately: false }),
    );
    return { provisioningRequests: requests.map(provisioningRequestMessage), replayed };
  };
}
