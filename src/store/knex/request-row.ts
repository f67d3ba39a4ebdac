import type { Command } from "../../requests/command.js";
import type { LifeCycleState } from "../../requests/life-cycle.js";
import type { Priority } from "../../requests/priority.js";
import type { ErrorOrigin, ProvisioningRequest } from "../../requests/provisioning-request.js";
import type { QueryAnswer } from "../../requests/query-answer.js";
import {
  explainWait,
  type ProviderCondition,
  UNKNOWN_PROVIDER,
} from "../../requests/waiting-for.js";
import { commandOf } from "./command-column.js";
import type { Dialect } from "./dialect.js";
import { namesIn } from "./many-rows.js";

/** A request with its outcome, its waiting row and its lane, as `selectRequests` returns it. */
export interface RequestRow {
  readonly now: number;
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly parameters: string;
  readonly provider: string;
  readonly ca_id: string;
  readonly subscription_id: string;
  readonly subscription_number: string;
  readonly item_id: string;
  readonly serial_number: string;
  readonly alternative_code: string | null;
  readonly scheduled_date: number;
  readonly process_immediately: boolean | number;
  readonly priority: Priority;
  readonly expire_date: number | null;
  readonly request_id: string | null;
  readonly caller_reference: string | null;
  readonly on_behalf_of: string | null;
  readonly reason: string | null;
  readonly retry_of: string | null;
  readonly created_date: number;
  readonly created_by: string;

  readonly life_cycle_state: LifeCycleState | null;
  readonly sequence_number: number | null;
  readonly transaction_number: number | null;
  readonly executed_date: number | null;
  readonly request: string | null;
  readonly response: string | null;
  readonly reference_number: string | null;
  readonly answer: string | null;
  readonly error_code: string | null;
  readonly error_description: string | null;
  readonly error_origin: ErrorOrigin | null;
  readonly attempts: number | null;
  readonly process_name: string | null;
  readonly process_id: string | null;
  readonly ended_date: number | null;
  readonly ended_by: string | null;

  readonly due_date: number | null;
  readonly lane_head: number | null;
  readonly lane_head_id: string | null;
  readonly lane_owner: string | null;
  readonly lane_wake_date: number | null;
  readonly lane_sequence_number: number | null;
  readonly lane_transaction_number: number | null;
  readonly lane_executed_date: number | null;
  readonly lane_attempts: number | null;
  readonly lane_last_error: string | null;
  readonly lane_process_name: string | null;
  readonly lane_process_id: string | null;
  readonly lane_since_date: number | null;
}

const HISTORY = `r.number, r.id, r.type, r.parameters, r.provider, r.ca_id, r.subscription_id,
  r.subscription_number, r.item_id, r.serial_number, r.alternative_code, r.scheduled_date,
  r.process_immediately, r.priority, r.expire_date, r.request_id, r.caller_reference,
  r.on_behalf_of, r.reason, r.retry_of, r.created_date, r.created_by,
  o.life_cycle_state, o.sequence_number, o.transaction_number, o.executed_date,
  o.reference_number, o.answer, o.error_code, o.error_description, o.error_origin, o.attempts,
  o.process_name, o.process_id, o.ended_date, o.ended_by`;

const WIRE_TEXT = { full: "o.request, o.response", basic: "NULL AS request, NULL AS response" };

const WORK = `w.due_date, l.head AS lane_head, h.id AS lane_head_id, l.owner AS lane_owner,
  l.wake_date AS lane_wake_date, l.sequence_number AS lane_sequence_number,
  l.transaction_number AS lane_transaction_number, l.executed_date AS lane_executed_date,
  l.attempts AS lane_attempts, l.last_error AS lane_last_error,
  l.process_name AS lane_process_name, l.process_id AS lane_process_id,
  l.since_date AS lane_since_date`;

/** What `selectRequests` returns. */
export const REQUEST_COLUMNS = namesIn<RequestRow>(`now, ${HISTORY}, ${WIRE_TEXT.full}, ${WORK}`);

/** The table that requests are found from: `requests`, `outcomes`, `waiting`, or `lanes`. */
export type Lead = "r" | "o" | "w" | "l";

/** CROSS JOIN is how SQLite is told where to begin; to PostgreSQL it says nothing. */
const LEADS: Record<Lead, string> = {
  r: "requests r",
  o: "outcomes o CROSS JOIN requests r",
  w: "waiting w CROSS JOIN requests r",
  l: "lanes l CROSS JOIN requests r",
};

/** The column that a lead has a request's number in; it must equal `r.number`. */
export const NUMBER_OF: Record<Lead, string> = {
  r: "r.number",
  o: "o.number",
  w: "w.number",
  l: "l.head",
};

/** The SELECT of whole requests, one snapshot each; the caller adds WHERE, ORDER BY and LIMIT. */
export function selectRequests(
  view: "full" | "basic",
  // A `joinRow` only where the requests are few and chosen by number.
  { joinRow = leftJoin, lead = "r" }: { joinRow?: Dialect["joinRow"]; lead?: Lead } = {},
): string {
  const join = (table: string, alias: Lead | "h", condition: string) =>
    alias === lead ? "" : joinRow(table, alias, condition);
  return `SELECT $now AS now, ${HISTORY}, ${WIRE_TEXT[view]}, ${WORK}
    FROM ${LEADS[lead]}
    ${join("outcomes", "o", "o.number = r.number")}
    ${join("waiting", "w", "w.number = r.number")}
    ${join("lanes", "l", "l.provider = w.provider AND l.ca_id = w.ca_id")}
    ${join("requests", "h", "h.number = l.head AND h.number <> r.number")}`;
}

function leftJoin(table: string, alias: string, condition: string): string {
  return `LEFT JOIN ${table} ${alias} ON ${condition}`;
}

/** A row whose command is known otherwise. */
export type RowWithoutCommand = Omit<RequestRow, "type" | "parameters">;

/** The request that a row tells of, its state derived as life-cycle.ts says. */
export function requestOf(
  row: RequestRow,
  conditions: ReadonlyMap<string, ProviderCondition>,
): ProvisioningRequest {
  return requestWith(commandOf(row.type, row.parameters), row, conditions);
}

/** The same for a row without its command. */
export function requestWith(
  command: Command,
  row: RowWithoutCommand,
  conditions: ReadonlyMap<string, ProviderCondition>,
): ProvisioningRequest {
  const progress: Progress =
    row.life_cycle_state === null
      ? openPart(row, conditions.get(row.provider) ?? UNKNOWN_PROVIDER)
      : endedPart(row, row.life_cycle_state);
  // Written out: a spread among so many properties makes V8 build the object again and again.
  return {
    id: row.id,
    number: row.number,
    command,
    provider: row.provider,
    subscription: { id: row.subscription_id, number: row.subscription_number },
    smartcard: {
      id: row.item_id,
      serialNumber: row.serial_number,
      alternativeCode: row.alternative_code ?? undefined,
      caId: row.ca_id,
    },
    scheduledDate: row.scheduled_date,
    processImmediately: Boolean(row.process_immediately),
    priority: row.priority,
    expireDate: row.expire_date ?? undefined,
    requestId: row.request_id ?? undefined,
    callerReference: row.caller_reference ?? undefined,
    onBehalfOf: row.on_behalf_of ?? undefined,
    reason: row.reason ?? undefined,
    retryOf: row.retry_of ?? undefined,
    createdDate: row.created_date,
    createdBy: row.created_by,
    lifeCycleState: progress.lifeCycleState,
    sequenceNumber: progress.sequenceNumber,
    transactionNumber: progress.transactionNumber,
    executedDate: progress.executedDate,
    request: progress.request,
    response: progress.response,
    referenceNumber: progress.referenceNumber,
    answer: progress.answer,
    errorCode: progress.errorCode,
    errorDescription: progress.errorDescription,
    errorOrigin: progress.errorOrigin,
    attempts: progress.attempts,
    nextAttemptDate: progress.nextAttemptDate,
    lastError: progress.lastError,
    processName: progress.processName,
    processId: progress.processId,
    updatedDate: progress.updatedDate,
    updatedBy: progress.updatedBy,
    waitingFor: progress.waitingFor,
    waitingForId: progress.waitingForId,
  };
}

/** What changes in a request after its creation. */
type Progress = Pick<
  ProvisioningRequest,
  | "lifeCycleState"
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
  | "nextAttemptDate"
  | "lastError"
  | "processName"
  | "processId"
  | "updatedDate"
  | "updatedBy"
  | "waitingFor"
  | "waitingForId"
>;

function endedPart(row: RowWithoutCommand, lifeCycleState: LifeCycleState): Progress {
  return {
    lifeCycleState,
    sequenceNumber: row.sequence_number ?? 0,
    transactionNumber: row.transaction_number ?? 0,
    executedDate: row.executed_date ?? undefined,
    request: row.request ?? undefined,
    response: row.response ?? undefined,
    referenceNumber: row.reference_number ?? undefined,
    answer: row.answer === null ? undefined : (JSON.parse(row.answer) as QueryAnswer),
    errorCode: row.error_code ?? undefined,
    errorDescription: row.error_description ?? undefined,
    errorOrigin: row.error_origin ?? undefined,
    attempts: row.attempts ?? 0,
    nextAttemptDate: undefined,
    lastError: undefined,
    processName: row.process_name ?? undefined,
    processId: row.process_id ?? undefined,
    updatedDate: row.ended_date ?? row.created_date,
    updatedBy: row.ended_by ?? row.created_by,
    waitingFor: undefined,
    waitingForId: undefined,
  };
}

function openPart(row: RowWithoutCommand, provider: ProviderCondition): Progress {
  const isHead = row.lane_head === row.number;
  const lane = isHead ? row : undefined;
  const sending = isHead && row.lane_owner !== null;
  const wakeDate = lane?.lane_wake_date ?? undefined;
  const waitingFor = sending
    ? undefined
    : explainWait(
        {
          now: row.now,
          dueDate: row.due_date ?? 0,
          isHead,
          processImmediately: Boolean(row.process_immediately),
          wakeDate,
        },
        provider,
      );
  const slotError = waitingFor === "PROVIDER_UNAVAILABLE" ? provider.lastError : undefined;
  return {
    lifeCycleState: sending ? "PROCESSING" : "PENDING",
    sequenceNumber: lane?.lane_sequence_number ?? 0,
    transactionNumber: lane?.lane_transaction_number ?? 0,
    executedDate: lane?.lane_executed_date ?? undefined,
    request: undefined,
    response: undefined,
    referenceNumber: undefined,
    answer: undefined,
    errorCode: undefined,
    errorDescription: undefined,
    errorOrigin: undefined,
    attempts: lane?.lane_attempts ?? 0,
    nextAttemptDate: waitingFor === "NEXT_ATTEMPT" ? wakeDate : undefined,
    lastError: lane?.lane_last_error ?? slotError,
    processName: sending ? (row.lane_process_name ?? "PROCESS_IMMEDIATELY") : undefined,
    processId: sending ? (row.lane_process_id ?? undefined) : undefined,
    updatedDate: Math.max(row.created_date, lane?.lane_since_date ?? 0),
    updatedBy: row.created_by,
    waitingFor,
    waitingForId: waitingFor === "EARLIER_REQUEST" ? (row.lane_head_id ?? undefined) : undefined,
  };
}
