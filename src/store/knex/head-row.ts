import { PIN_COMMAND } from "../../requests/command.js";
import { isUrgent } from "../../requests/priority.js";
import type { ClaimedHead } from "../dispatch-store.js";
import { commandOf } from "./command-column.js";
import type { Db } from "./database.js";
import type { Dialect } from "./dialect.js";
import { namesIn, selectMany } from "./many-rows.js";

/** A lane, as claims see it: before its head is claimed. */
export interface HeadLane {
  readonly provider: string;
  readonly ca_id: string;
  readonly head: number;
  readonly claim_number: number;
  readonly sequence_number: number | null;
  readonly transaction_number: number | null;
  readonly depth: number;
  readonly attempts: number;
  readonly tries: number;
  readonly lane_rank: number;
  readonly order_date: number;
}

/** What a head says. */
interface HeadRequest {
  readonly id: string | null;
  readonly type: string;
  readonly parameters: string;
  readonly subscription_number: string;
  readonly process_immediately: boolean | number;
  readonly pin: string | null;
}

/** A lane with what its head says, as `selectHeads` returns it. */
export type HeadRow = HeadLane & HeadRequest;

/** What of a lane `selectHeads` asks for. */
export const LANE_COLUMNS = `provider, ca_id, head, claim_number, sequence_number,
  transaction_number, depth, attempts, tries, lane_rank, order_date`;

/** The PIN is looked up only where there may be one: of 21 pages that a claim touches for a head, 4. */
const PIN = `CASE r.type WHEN '${PIN_COMMAND}'
  THEN (SELECT w.pin FROM waiting w WHERE w.number = r.number) END AS pin`;
const REQUEST = `r.id, r.type, r.parameters, r.subscription_number, r.process_immediately, ${PIN}`;

/** What `selectHeads` returns. */
export const HEAD_COLUMNS = namesIn<HeadRow>(`${LANE_COLUMNS}, ${REQUEST}`);

/** The SELECT of heads, by key, of the lanes that a SELECT of `LANE_COLUMNS` chooses. */
export function selectHeads(lanes: string, { joinRow }: Dialect): string {
  return `SELECT l.*, ${REQUEST} FROM (${lanes}) AS l
    ${joinRow("requests", "r", "r.number = l.head")}`;
}

type NumberedRequest = HeadRequest & { readonly number: number };

const REQUEST_COLUMNS = namesIn<NumberedRequest>(`r.number, ${REQUEST}`);

/** What heads say, by their numbers, for lanes that are known already; by key. */
export async function readHeads(
  db: Db,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, HeadRequest>> {
  const requests = await selectMany<NumberedRequest>(
    db,
    REQUEST_COLUMNS,
    `SELECT r.number, ${REQUEST} FROM requests r WHERE ${db.dialect.isOneOf("r.number")}`,
    [db.dialect.numbers(numbers)],
  );
  return new Map(requests.map((request) => [request.number, request]));
}

/** The head that is claimed with these numbers. */
export function claimedHead(
  lane: HeadLane,
  request: HeadRequest | undefined,
  numbers: Pick<ClaimedHead, "sequenceNumber" | "transactionNumber">,
): ClaimedHead {
  if (request === undefined || request.id === null) {
    throw new Error(`lane head ${lane.head} has no request`);
  }
  return {
    provider: lane.provider,
    caId: lane.ca_id,
    number: lane.head,
    id: request.id,
    claimNumber: lane.claim_number + 1,
    sequenceNumber: numbers.sequenceNumber,
    transactionNumber: numbers.transactionNumber,
    command: commandOf(request.type, request.parameters),
    sealedPin: request.pin ?? undefined,
    subscriptionNumber: request.subscription_number,
    processImmediately: Boolean(request.process_immediately),
    urgent: isUrgent(lane.lane_rank),
    attempts: lane.attempts,
    tries: lane.tries,
    depth: lane.depth,
  };
}

/** The most urgent first, then the oldest. */
export function byUrgency(a: HeadRow, b: HeadRow): number {
  return b.lane_rank - a.lane_rank || a.order_date - b.order_date || a.head - b.head;
}
