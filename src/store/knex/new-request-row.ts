import { transactionOf } from "../../requests/transaction-number.js";
import type { LanePlace } from "./join-lanes.js";
import type { NewRequest } from "./new-request.js";
import type { RowWithoutCommand } from "./request-row.js";

/** The row that a read would return of a request just stored. */
export function newRequestRow(request: NewRequest, place: LanePlace): RowWithoutCommand {
  const { acceptance, create, destination, number, now } = request;
  const isHead = place.head === number;
  return {
    now,
    number,
    id: acceptance.id,
    provider: destination.provider,
    ca_id: destination.caId,
    subscription_id: destination.subscription.id,
    subscription_number: destination.subscription.number,
    item_id: destination.item.id,
    serial_number: destination.item.serialNumber,
    alternative_code: destination.item.alternativeCode ?? null,
    scheduled_date: create.scheduledDate ?? now,
    process_immediately: create.processImmediately,
    priority: create.priority,
    expire_date: create.expireDate ?? null,
    request_id: create.requestId ?? null,
    caller_reference: create.callerReference ?? null,
    on_behalf_of: create.onBehalfOf ?? null,
    reason: create.reason ?? null,
    retry_of: create.retryOf ?? null,
    created_date: now,
    created_by: create.createdBy,
    life_cycle_state: null,
    sequence_number: null,
    transaction_number: null,
    executed_date: null,
    request: null,
    response: null,
    reference_number: null,
    answer: null,
    error_code: null,
    error_description: null,
    error_origin: null,
    attempts: null,
    process_name: null,
    process_id: null,
    ended_date: null,
    ended_by: null,
    due_date: request.dueDate,
    lane_head: place.head,
    lane_head_id: place.headId ?? null,
    lane_owner: place.sequenceNumber === undefined ? null : "",
    lane_wake_date: isHead && request.dueDate > 0 ? request.dueDate : null,
    lane_sequence_number: place.sequenceNumber ?? null,
    lane_transaction_number:
      place.sequenceNumber === undefined ? null : transactionOf(place.sequenceNumber),
    lane_executed_date: null,
    lane_attempts: 0,
    lane_last_error: null,
    lane_process_name: null,
    lane_process_id: null,
    lane_since_date: now,
  };
}
