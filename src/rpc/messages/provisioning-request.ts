import { CommandType as CommandTypeMessage } from "../../gen/provisioning/v1/command.js";
import {
  ProvisioningRequest_ErrorOrigin as ErrorOrigin,
  ProvisioningRequest_LifeCycleState as LifeCycleStateMessage,
  type ProvisioningRequest as Message,
  ProvisioningRequest_Priority as PriorityMessage,
  ProvisioningRequest_WaitingFor as WaitingForMessage,
} from "../../gen/provisioning/v1/provisioning_request.js";
import type { SmartcardReference } from "../../gen/provisioning/v1/smartcard.js";
import type { CommandType } from "../../requests/command.js";
import type { LifeCycleState } from "../../requests/life-cycle.js";
import type { Priority } from "../../requests/priority.js";
import type { ProvisioningRequest } from "../../requests/provisioning-request.js";
import type { WaitingFor } from "../../requests/waiting-for.js";
import { parametersMessage } from "./command-parameters.js";
import { queryAnswerMessage } from "./query-answer.js";
import { timestampOf } from "./timestamp.js";

export const COMMAND_TYPE_MESSAGES: Readonly<Record<CommandType, CommandTypeMessage>> = {
  REAUTHORISE_ALL_SERVICES: CommandTypeMessage.COMMAND_TYPE_REAUTHORISE_ALL_SERVICES,
  SET_USER_PARAMETERS: CommandTypeMessage.COMMAND_TYPE_SET_USER_PARAMETERS,
  AUTHORISE_SERVICES: CommandTypeMessage.COMMAND_TYPE_AUTHORISE_SERVICES,
  CANCEL_SERVICES: CommandTypeMessage.COMMAND_TYPE_CANCEL_SERVICES,
  PAIR: CommandTypeMessage.COMMAND_TYPE_PAIR,
  UNPAIR: CommandTypeMessage.COMMAND_TYPE_UNPAIR,
  SEND_MAIL: CommandTypeMessage.COMMAND_TYPE_SEND_MAIL,
  SEND_ON_SCREEN_MESSAGE: CommandTypeMessage.COMMAND_TYPE_SEND_ON_SCREEN_MESSAGE,
  DISPLAY_FINGERPRINT: CommandTypeMessage.COMMAND_TYPE_DISPLAY_FINGERPRINT,
  GET_ACTIVE_SERVICES: CommandTypeMessage.COMMAND_TYPE_GET_ACTIVE_SERVICES,
  GET_PAIRING_STATUS: CommandTypeMessage.COMMAND_TYPE_GET_PAIRING_STATUS,
};

export const LIFE_CYCLE_STATE_MESSAGES: Readonly<Record<LifeCycleState, LifeCycleStateMessage>> = {
  PENDING: LifeCycleStateMessage.LIFE_CYCLE_STATE_PENDING,
  PROCESSING: LifeCycleStateMessage.LIFE_CYCLE_STATE_PROCESSING,
  COMPLETED: LifeCycleStateMessage.LIFE_CYCLE_STATE_COMPLETED,
  REJECTED: LifeCycleStateMessage.LIFE_CYCLE_STATE_REJECTED,
  CANCELLED: LifeCycleStateMessage.LIFE_CYCLE_STATE_CANCELLED,
};

export const PRIORITY_MESSAGES: Readonly<Record<Priority, PriorityMessage>> = {
  REGULAR: PriorityMessage.PRIORITY_REGULAR,
  EXPRESS: PriorityMessage.PRIORITY_EXPRESS,
};

const WAITING_FOR_MESSAGES: Readonly<Record<WaitingFor, WaitingForMessage>> = {
  SCHEDULED_DATE: WaitingForMessage.WAITING_FOR_SCHEDULED_DATE,
  EARLIER_REQUEST: WaitingForMessage.WAITING_FOR_EARLIER_REQUEST,
  NEXT_ATTEMPT: WaitingForMessage.WAITING_FOR_NEXT_ATTEMPT,
  PROVIDER_UNAVAILABLE: WaitingForMessage.WAITING_FOR_PROVIDER_UNAVAILABLE,
  PROVIDER_NOT_EFFECTIVE: WaitingForMessage.WAITING_FOR_PROVIDER_NOT_EFFECTIVE,
  RUN: WaitingForMessage.WAITING_FOR_RUN,
  CLAIM: WaitingForMessage.WAITING_FOR_CLAIM,
  CAPACITY: WaitingForMessage.WAITING_FOR_CAPACITY,
};

const ERROR_ORIGIN_MESSAGES = {
  SERVICE: ErrorOrigin.ERROR_ORIGIN_SERVICE,
  CA_SYSTEM: ErrorOrigin.ERROR_ORIGIN_CA_SYSTEM,
} as const;

/** A request as it goes over the wire. */
export function provisioningRequestMessage(request: ProvisioningRequest): Message {
  const { smartcard, subscription, errorOrigin, waitingFor } = request;
  return {
    id: request.id,
    number: BigInt(request.number),
    type: COMMAND_TYPE_MESSAGES[request.command.type],
    sequenceNumber: BigInt(request.sequenceNumber),
    scheduledDate: timestampOf(request.scheduledDate),
    executedDate: timestampOf(request.executedDate),
    processImmediately: request.processImmediately,
    lifeCycleState: LIFE_CYCLE_STATE_MESSAGES[request.lifeCycleState],
    request: request.request ?? "",
    response: request.response ?? "",
    referenceNumber: request.referenceNumber ?? "",
    errorCode: request.errorCode ?? "",
    errorDescription: request.errorDescription ?? "",
    errorOrigin:
      errorOrigin === undefined
        ? ErrorOrigin.ERROR_ORIGIN_UNSPECIFIED
        : ERROR_ORIGIN_MESSAGES[errorOrigin],
    processName: request.processName ?? "",
    processId: request.processId ?? "",
    provider: request.provider,
    subscription: { id: subscription.id, number: subscription.number },
    smartcard: smartcardMessage(smartcard),
    parameters: parametersMessage(request.command),
    answer: request.answer && queryAnswerMessage(request.answer),
    priority: PRIORITY_MESSAGES[request.priority],
    attempts: request.attempts,
    nextAttemptDate: timestampOf(request.nextAttemptDate),
    lastError: request.lastError ?? "",
    expireDate: timestampOf(request.expireDate),
    transactionNumber: BigInt(request.transactionNumber),
    requestId: request.requestId ?? "",
    callerReference: request.callerReference ?? "",
    onBehalfOf: request.onBehalfOf ?? "",
    reason: request.reason ?? "",
    retryOf: request.retryOf ?? "",
    createdDate: timestampOf(request.createdDate),
    updatedDate: timestampOf(request.updatedDate),
    createdBy: request.createdBy,
    updatedBy: request.updatedBy,
    waitingFor: waitingForMessage(waitingFor),
    waitingForId: request.waitingForId ?? "",
  };
}

/** The card of a request as it goes over the wire. */
export function smartcardMessage(card: ProvisioningRequest["smartcard"]): SmartcardReference {
  const { id, serialNumber, alternativeCode = "", caId } = card;
  return { id, serialNumber, alternativeCode, caId };
}

/** A reason to wait as it goes over the wire. */
export function waitingForMessage(waitingFor: WaitingFor | undefined): WaitingForMessage {
  return waitingFor === undefined
    ? WaitingForMessage.WAITING_FOR_UNSPECIFIED
    : WAITING_FOR_MESSAGES[waitingFor];
}
