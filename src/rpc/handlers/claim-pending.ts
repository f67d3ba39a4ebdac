import { claimPending as claim } from "../../calls/claim-pending.js";
import type { Duration } from "../../gen/google/protobuf/duration.js";
import type {
  ClaimPendingRequest,
  ClaimPendingResponse,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullDesk } from "../../pull/pull-desk.js";
import { pendingRequestMessage } from "../messages/pending-request.js";
import { waitingForMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";

export function claimPending(
  desk: Pick<PullDesk, "claim">,
): UnaryHandler<ClaimPendingRequest, ClaimPendingResponse> {
  return async (call, { provider, numberOfResults, leaseDuration }) => {
    const leaseMs = millisecondsOf(leaseDuration);
    const claimed = await claim(desk, call, { provider, numberOfResults, leaseMs });
    return {
      pendingRequests: claimed.requests.map((request) =>
        pendingRequestMessage(request, claimed.lease?.expireDate ?? 0),
      ),
      leaseId: claimed.lease?.id ?? "",
      waitingFor: waitingForMessage(claimed.heldBackBy),
    };
  };
}

/** What is finer is cut off. */
function millisecondsOf(duration: Duration | undefined): number | undefined {
  return duration && Number(duration.seconds) * 1000 + Math.trunc(duration.nanos / 1_000_000);
}
