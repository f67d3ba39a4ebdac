import { PIN_COMMAND } from "../../requests/command.js";
import { isUrgent } from "../../requests/priority.js";
import type { ClaimedHead } from "../dispatch-store.js";
import { commandOf } from "./command-column.js";
import type { Dialect } from "./dialect.js";
import { namesIn } from "./many-rows.js";

/** A lane with what its head says, as `selectHeads` returns it. */
export interface HeadRow {
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
  readonly id: string | null;
  readonly type: string;
  readonly parameters: string;
  readonly subscription_number: string;
  readonly process_immediately: boolean | number;
  readonly pin: string | null;
}

/** What of a lane `selectHeads` asks for. */
export const LANE_COLUMNS = `provider, ca_id, head, claim_number, sequence_number,
  transaction_number, depth, attempts, tries, lane_rank, order_date`;

/** The PIN is looked up only where there may be one: of 21 pages that a claim touches for a head, 4. */
const PIN = `CASE r.type WHEN '${PIN_COMMAND}'
  THEN (SELECT w.pin FROM waiting w WHERE w.number = l.head) END AS pin`;
const REQUEST = `r.id, r.type, r.parameters, r.subscription_number, r.process_immediately, ${PIN}`;

/** What `selectHeads` returns. */
export const HEAD_COLUMNS = namesIn<HeadRow>(`${LANE_COLUMNS}, ${REQUEST}`);

/** The SELECT of heads, by key, of the lanes that a SELECT of `LANE_COLUMNS` chooses. */
export function selectHeads(lanes: string, { joinRow }: Dialect): string {
  return `SELECT l.*, ${REQUEST} FROM (${lanes}) AS l
    ${joinRow("requests", "r", "r.number = l.head")}`;
}

/** The head that is claimed with these numbers. */
export function claimedHead(
  row: HeadRow,
  numbers: Pick<ClaimedHead, "sequenceNumber" | "transactionNumber">,
): ClaimedHead {
  if (row.id === null) throw new Error(`lane head ${row.head} has no request`);
  return {
    provider: row.provider,
    caId: row.ca_id,
    number: row.head,
    id: row.id,
    claimNumber: row.claim_number + 1,
    sequenceNumber: numbers.sequenceNumber,
    transactionNumber: numbers.transactionNumber,
    command: commandOf(row.type, row.parameters),
    sealedPin: row.pin ?? undefined,
    subscriptionNumber: row.subscription_number,
    processImmediately: Boolean(row.process_immediately),
    urgent: isUrgent(row.lane_rank),
    attempts: row.attempts,
    tries: row.tries,
    depth: row.depth,
  };
}

/** The most urgent first, then the oldest. */
export function byUrgency(a: HeadRow, b: HeadRow): number {
  return b.lane_rank - a.lane_rank || a.order_date - b.order_date || a.head - b.head;
}
