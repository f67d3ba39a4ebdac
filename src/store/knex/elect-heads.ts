import { json, type Tx } from "./database.js";
import type { Columns } from "./dialect.js";

/** A lane whose head has gone. */
export interface HeadlessLane {
  /** Open requests of it before, as its row counts them. */
  readonly depth: number;
  /** Those of them that were ended, the head among them. */
  readonly ended: number;
  readonly provider: string;
  readonly ca_id: string;
  /** The lane's tail date: no due request of it has a later order date. */
  readonly tail_date: number;
}

const LANE = { provider: "text", ca_id: "text" } as const satisfies Columns;
const GONE = { ...LANE, tail_date: "bigint", ended: "integer" } as const satisfies Columns;

/**
 * Gives each lane its next head, or deletes it when nothing waits in it. The caller holds the
 * lanes' locks, and this runs as statements of their own after the lock was had: a create that
 * held a lane before has then committed, and its waiting row is seen.
 *
 * The next head is the first of the due ones by (order date, number); without a due one, the one
 * that is due first, and the lane sleeps until then.
 */
export async function electHeads(tx: Tx, lanes: readonly HeadlessLane[]): Promise<void> {
  if (lanes.length === 0) return;
  const { rows, laneOf, deleteLanes } = tx.dialect;
  // A lane's own count says whether it is empty: to look took PostgreSQL 6 us of 16.
  const deep = lanes.filter(({ depth, ended }) => depth > ended);
  const heads = deep.length === 0 ? [] : await firstOf(tx, deep);
  const next = heads.filter(({ number }) => number !== null);
  const empty = [
    ...lanes.filter(({ depth, ended }) => depth <= ended),
    ...heads.filter(({ number }) => number === null),
  ];
  if (empty.length > 0) {
    tx.run(deleteLanes(rows("x", LANE), []), [json(LANE, empty)]);
  }
  if (next.length > 0) {
    const columns = {
      provider: "text",
      ca_id: "text",
      number: "bigint",
      order_date: "bigint",
      due_date: "bigint",
      now: "bigint",
      lane_rank: "integer",
      ended: "integer",
    } as const;
    tx.run(
      `UPDATE lanes SET head = x.number, order_date = x.order_date, lane_rank = x.lane_rank,
         depth = lanes.depth - x.ended, wake_date = CASE WHEN x.due_date > x.now THEN x.due_date END, owner = NULL,
         sequence_number = NULL, transaction_number = NULL, executed_date = NULL, attempts = 0,
         tries = 0, send_mark = false, last_error = NULL, process_name = NULL, process_id = NULL,
         since_date = x.now
       FROM ${rows("x", columns)} WHERE ${laneOf("x")}`,
      [json(columns, next)],
    );
  }
}

/** A lane with the request that comes next in it; without one, that is null. */
interface FirstRow {
  readonly provider: string;
  readonly ca_id: string;
  readonly ended: number;
  readonly number: number | null;
  readonly order_date: number | null;
  readonly due_date: number | null;
  readonly now: number;
  readonly lane_rank: number;
}

async function firstOf(tx: Tx, lanes: readonly HeadlessLane[]): Promise<FirstRow[]> {
  const { rows, greatest, joinRow } = tx.dialect;
  const lane = "w.provider = x.provider AND w.ca_id = x.ca_id";
  // The order is that of the index on `waiting`, expression and all; the bound on order_date ends
  // the scan of a lane full of requests scheduled for later.
  return await tx.all<FirstRow>(
    `SELECT x.provider, x.ca_id, x.ended, w.number, w.order_date, w.due_date, $now AS now,
       coalesce((SELECT max(w.lane_rank) FROM waiting w
         WHERE ${lane} AND w.lane_rank > 0 AND w.due_date <= $now), 0) AS lane_rank
     FROM ${rows("x", GONE)} ${joinRow(
       "waiting",
       "w",
       `w.number = coalesce(
         (SELECT w.number FROM waiting w WHERE ${lane}
           AND w.order_date <= ${greatest("$now", "x.tail_date")} AND w.due_date <= $now
           ORDER BY w.order_date, w.number + 0 LIMIT 1),
         (SELECT w.number FROM waiting w WHERE ${lane}
           ORDER BY w.due_date, w.order_date, w.number LIMIT 1))`,
     )}`,
    [json(GONE, lanes)],
  );
}
