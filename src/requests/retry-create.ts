import type { CreateRequest } from "./create-request.js";
import type { ProvisioningRequest } from "./provisioning-request.js";
import { requestedAgain } from "./requested-command.js";
import type { Fault } from "./service-error.js";

/**
 * The create that tries a rejected request once more, on the wish of `createdBy`: the same command
 * for the same card as both are today, due now. Whom the first one was made for is not repeated:
 * that person has not asked again.
 */
export function retryCreate(
  rejected: ProvisioningRequest,
  createdBy: string,
  requestId: string | undefined,
  now: number,
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
    outdated: endedRight(rejected, now),
  };
}

/** No CA system can grant a right whose end has passed. */
function endedRight({ id, command }: ProvisioningRequest, now: number): Fault[] {
  if (command.type !== "AUTHORISE_SERVICES") return [];
  const { end } = command;
  if (end === undefined || end > now) return [];
  const description = `the right that it was to give ended at ${new Date(end).toISOString()}: create one with a later end_date`;
  return [
    {
      reason: "STATE_NOT_ALLOWED",
      description,
      resource: { type: "provisioning_request", name: id },
    },
  ];
}
