import type { FinalState } from "./life-cycle.js";
import type { ProvisioningRequest } from "./provisioning-request.js";

/** Who ended a request that no caller ended; shown as updated_by. */
export const SERVICE = "service";

/** How a request ended that was sent: what its outcome adds to what was known at its creation. */
export type SentEnding = Pick<
  ProvisioningRequest,
  | "sequenceNumber"
  | "transactionNumber"
  | "executedDate"
  | "request"
  | "response"
  | "referenceNumber"
  | "answer"
  | "errorCode"
  | "errorDescription"
  | "errorOrigin"
  | "attempts"
  | "processName"
  | "processId"
> & { readonly lifeCycleState: FinalState; readonly endedDate: number };

/** The request as a read would find it from now on. */
export function endedRequest(
  request: ProvisioningRequest,
  { endedDate, ...ending }: SentEnding,
): ProvisioningRequest {
  return {
    ...request,
    ...ending,
    nextAttemptDate: undefined,
    lastError: undefined,
    waitingFor: undefined,
    waitingForId: undefined,
    updatedDate: endedDate,
    updatedBy: SERVICE,
  };
}
