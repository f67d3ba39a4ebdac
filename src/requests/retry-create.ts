import type { CreateRequest } from "./create-request.js";
import type { ProvisioningRequest } from "./provisioning-request.js";
import { requestedAgain } from "./requested-command.js";

/**
 * The create that tries a rejected request once more, on the wish of `createdBy`: the same command
 * for the same card as both are today, due now. Whom the first one was made for is not repeated:
 * that person has not asked again.
 */
export function retryCreate(
  rejected: ProvisioningRequest,
  createdBy: string,
  requestId: string | undefined,
): CreateRequest {
  return {
    command: requestedAgain(rejected.command),
    subscription: { by: "id", value: rejected.subscription.id },
    smartcard: { by: "id", value: rejected.smartcard.id },
    processImmediately: false,
    scheduledDate: undefined,
    priority: rejected.priority,
    expireDate: undefined,
    requestId,
    callerReference: rejected.callerReference,
    onBehalfOf: undefined,
    reason: rejected.reason,
    retryOf: rejected.id,
    createdBy,
    outdated: [],
  };
}
