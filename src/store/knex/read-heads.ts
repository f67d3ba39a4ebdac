import type { ClaimedHead } from "../dispatch-store.js";
import { commandOf } from "./command-column.js";
import { type Db, json } from "./database.js";

/** What a claim returns of a lane. */
export interface ClaimedLane {
  readonly provider: string;
  readonly ca_id: string;
  readonly number: number;
  readonly claim_number: number;
  readonly sequence_number: number;
  readonly transaction_number: number;
  readonly attempts: number;
  readonly tries: number;
  readonly lane_rank: number;
  readonly order_date: number;
}

interface BodyRow {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly parameters: string;
  readonly subscription_number: string;
  readonly process_immediately: boolean | number;
  readonly pin: string | null;
}

/** Fetches, by key, what claimed heads say; most urgent first. */
export async function readHeads(tx: Db, lanes: readonly ClaimedLane[]): Promise<ClaimedHead[]> {
  const bodies = await tx.all<BodyRow>(
    `SELECT r.number, r.id, r.type, r.parameters, r.subscription_number, r.process_immediately,
       w.pin
     FROM ${tx.dialect.rows("x", { number: "bigint" })}
     LEFT JOIN requests r ON r.number = x.number LEFT JOIN waiting w ON w.number = x.number`,
    [json(lanes.map(({ number }) => ({ number })))],
  );
  const byNumber = new Map(bodies.map((body) => [body.number, body]));
  return lanes
    .toSorted(
      (a, b) => b.lane_rank - a.lane_rank || a.order_date - b.order_date || a.number - b.number,
    )
    .map((lane) => {
      const body = byNumber.get(lane.number);
      if (body === undefined) throw new Error(`lane head ${lane.number} has no request`);
      return {
        provider: lane.provider,
        caId: lane.ca_id,
        number: lane.number,
        id: body.id,
        claimNumber: lane.claim_number,
        sequenceNumber: lane.sequence_number,
        transactionNumber: lane.transaction_number,
        command: commandOf(body.type, body.parameters),
        sealedPin: body.pin ?? undefined,
        subscriptionNumber: body.subscription_number,
        processImmediately: Boolean(body.process_immediately),
        attempts: lane.attempts,
        tries: lane.tries,
      };
    });
}
