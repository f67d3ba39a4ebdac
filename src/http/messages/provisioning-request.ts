import type { ProvisioningRequest } from "../../requests/provisioning-request.js";
import type { TimeZone } from "../../requests/time-zone.js";
import { dateText } from "../dates/date-text.js";
import { parametersObject } from "./command-parameters.js";
import { queryAnswerObject } from "./query-answer.js";
import type { RequestObject } from "./request-object.js";

/** A request as the web API answers it. What is not known is left out. */
export function requestObject(request: ProvisioningRequest, zone: TimeZone): RequestObject {
  const date = (ms: number | undefined) => (ms === undefined ? undefined : dateText(ms, zone));
  const { smartcard, subscription } = request;
  return {
    id: request.id,
    number: request.number,
    type: request.command.type,
    sequence_number: request.sequenceNumber,
    scheduled_date: dateText(request.scheduledDate, zone),
    executed_date: date(request.executedDate),
    process_immediately: request.processImmediately,
    life_cycle_state: request.lifeCycleState,
    request: request.request,
    response: request.response,
    reference_number: request.referenceNumber,
    error_code: request.errorCode,
    error_description: request.errorDescription,
    error_origin: request.errorOrigin,
    process_name: request.processName,
    process_id: request.processId,
    provider: request.provider,
    subscription: { id: subscription.id, number: subscription.number },
    smartcard: {
      id: smartcard.id,
      serial_number: smartcard.serialNumber,
      alternative_code: smartcard.alternativeCode,
      ca_id: smartcard.caId,
    },
    parameters: parametersObject(request.command, zone),
    answer: request.answer && queryAnswerObject(request.answer),
    priority: request.priority,
    attempts: request.attempts,
    next_attempt_date: date(request.nextAttemptDate),
    last_error: request.lastError,
    expire_date: date(request.expireDate),
    transaction_number: request.transactionNumber,
    request_id: request.requestId,
    caller_reference: request.callerReference,
    on_behalf_of: request.onBehalfOf,
    reason: request.reason,
    retry_of: request.retryOf,
    created_date: dateText(request.createdDate, zone),
    updated_date: dateText(request.updatedDate, zone),
    created_by: request.createdBy,
    updated_by: request.updatedBy,
    waiting_for: request.waitingFor,
    waiting_for_id: request.waitingForId,
  };
}
