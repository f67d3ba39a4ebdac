import type { ClaimPendingResponse_PendingRequest as Message } from "../../gen/provisioning/v1/pull_service.js";
import type { PulledRequest } from "../../pull/pull-desk.js";
import { parametersMessage } from "./command-parameters.js";
import {
  COMMAND_TYPE_MESSAGES,
  PRIORITY_MESSAGES,
  smartcardMessage,
} from "./provisioning-request.js";
import { timestampOf } from "./timestamp.js";

/** A claimed request as it goes over the wire, its PIN in the clear. */
export function pendingRequestMessage(
  { request, pin, handedOutBefore }: PulledRequest,
  leaseExpireDate: number,
): Message {
  const { command, subscription } = request;
  return {
    number: BigInt(request.number),
    id: request.id,
    transactionNumber: BigInt(request.transactionNumber),
    sequenceNumber: BigInt(request.sequenceNumber),
    type: COMMAND_TYPE_MESSAGES[command.type],
    parameters: parametersMessage(command),
    pin: pin ?? "",
    smartcard: smartcardMessage(request.smartcard),
    subscription: { id: subscription.id, number: subscription.number },
    scheduledDate: timestampOf(request.scheduledDate),
    createdDate: timestampOf(request.createdDate),
    expireDate: timestampOf(request.expireDate),
    leaseExpireDate: timestampOf(leaseExpireDate),
    priority: PRIORITY_MESSAGES[request.priority],
    processImmediately: request.processImmediately,
    handedOutBefore,
  };
}
