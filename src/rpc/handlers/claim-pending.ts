import { requiredIdentifier } from "../../calls/fields/identifier.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  ClaimPendingRequest,
  ClaimPendingResponse,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullDesk } from "../../pull/pull-desk.js";
import { pendingRequestMessage } from "../messages/pending-request.js";
import { waitingForMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { leaseDuration } from "../validation/lease-duration.js";

/** Requests that one call gets at most, and when it does not say how many. */
const MAX_RESULTS = 50;

export function claimPending(
  desk: Pick<PullDesk, "claim">,
): UnaryHandler<ClaimPendingRequest, ClaimPendingResponse> {
  return async (call, { provider, numberOfResults, leaseDuration: lease }) => {
    const claim = validate((violations) => {
      if (numberOfResults < 0) violations.add("number_of_results", "must not be negative");
      return {
        provider: requiredIdentifier(violations, "provider", provider),
        limit: Math.min(numberOfResults === 0 ? MAX_RESULTS : numberOfResults, MAX_RESULTS),
        leaseMs: leaseDuration(violations, "lease_duration", lease),
        user: call.principal.name,
      };
    });
    // What is handed to nobody is out of reach until its lease ends.
    if (call.gone !== undefined) throw call.gone;
    const claimed = await desk.claim(claim);
    return {
      pendingRequests: claimed.requests.map((request) =>
        pendingRequestMessage(request, claimed.lease?.expireDate ?? 0),
      ),
      leaseId: claimed.lease?.id ?? "",
      waitingFor: waitingForMessage(claimed.heldBackBy),
    };
  };
}
