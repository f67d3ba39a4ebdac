import { LANE_RANK } from "../../requests/priority.js";
import { transactionOf } from "../../requests/transaction-number.js";
import type { Claimed, ClaimOptions } from "../dispatch-store.js";
import { type Db, json } from "./database.js";
import { holdIncarnation } from "./hold-incarnation.js";
import { selectInRun } from "./insert-run.js";
import { readHeads } from "./read-heads.js";

/** Sleeping lanes that one claim wakes at most. */
const PROMOTED = 1000;

/** The highest rank among the due requests of a lane: a scheduled one may have come due with it. */
const HIGHEST_DUE = `coalesce((SELECT max(w.lane_rank) FROM waiting w
  WHERE w.provider = lanes.provider AND w.ca_id = lanes.ca_id
    AND w.lane_rank > 0 AND w.due_date <= $now), 0)`;

const NOTHING: Claimed = {
  heads: [],
  run: undefined,
  nextWakeInMs: undefined,
  more: false,
  contended: false,
};

/**
 * Claims ready lane heads of one provider: locks its `dispatch` row (which serialises the claims
 * of the provider, and is always taken before lanes), wakes the lanes whose time has come, takes
 * the ready heads, gives each new head its sequence and transaction number. Reads history only by
 * key, for the heads it took.
 */
export async function claimHeads(tx: Db, options: ClaimOptions): Promise<Claimed> {
  const { provider, incarnation } = options;
  const [dispatch] = await tx.all<{ sequence_number: number }>(
    `SELECT sequence_number FROM dispatch WHERE provider = ? ${tx.dialect.forUpdateSkipLocked}`,
    [provider],
  );
  // Somebody else claims for this provider just now.
  if (dispatch === undefined) return { ...NOTHING, contended: true };
  const [allowed] = await tx.all(
    `SELECT 1 AS ok FROM providers p
     WHERE p.name = ? AND p.life_cycle_state = 'EFFECTIVE'
       AND EXISTS (SELECT 1 FROM session_slots s WHERE s.provider = p.name AND s.owner = ?)`,
    [provider, incarnation],
  );
  if (allowed === undefined || !(await holdIncarnation(tx, incarnation))) return NOTHING;

  await tx.all(
    `UPDATE lanes SET wake_date = NULL,
       tail_date = ${tx.dialect.greatest("tail_date", "order_date")},
       lane_rank = ${tx.dialect.greatest("lane_rank", HIGHEST_DUE)}
     WHERE provider = ? AND ca_id IN (SELECT ca_id FROM lanes
       WHERE provider = ? AND owner IS NULL AND wake_date IS NOT NULL AND wake_date <= $now
       ORDER BY wake_date LIMIT ${PROMOTED} ${tx.dialect.forUpdateSkipLocked})`,
    [provider, provider],
  );

  const lowestRank = options.run === undefined ? LANE_RANK.IMMEDIATE : LANE_RANK.REGULAR;
  const ready = await tx.all<{ ca_id: string; sequence_number: number | null }>(
    `SELECT ca_id, sequence_number FROM lanes
     WHERE provider = ? AND owner IS NULL AND wake_date IS NULL AND lane_rank >= ?
     ORDER BY lane_rank DESC, order_date, head LIMIT ? ${tx.dialect.forUpdateSkipLocked}`,
    [provider, lowestRank, options.limit],
  );
  if (ready.length === 0) {
    return { ...NOTHING, nextWakeInMs: await nextWake(tx, provider) };
  }

  let sequence = dispatch.sequence_number;
  const numbered = ready.map((lane) => {
    const own = lane.sequence_number ?? ++sequence;
    return { provider, ca_id: lane.ca_id, sequence: own, transaction_number: transactionOf(own) };
  });
  if (sequence > dispatch.sequence_number) {
    await tx.all("UPDATE dispatch SET sequence_number = ? WHERE provider = ?", [
      sequence,
      provider,
    ]);
  }
  // A run that a tick or a due request started is stored with the first heads it selects.
  const run = options.run && {
    ...options.run,
    id: await selectInRun(tx, options.run, incarnation, ready.length),
  };
  const columns = {
    provider: "text",
    ca_id: "text",
    sequence: "bigint",
    transaction_number: "bigint",
  } as const;
  const heads = await readHeads(
    tx,
    await tx.all(
      `UPDATE lanes SET owner = ?, claim_number = lanes.claim_number + 1,
         sequence_number = x.sequence,
         transaction_number = coalesce(lanes.transaction_number, x.transaction_number),
         process_name = ?, process_id = ?,
         tail_date = ${tx.dialect.greatest("lanes.tail_date", "lanes.order_date")}
       FROM ${tx.dialect.rows("x", columns)} WHERE lanes.provider = x.provider AND lanes.ca_id = x.ca_id
       RETURNING lanes.provider, lanes.ca_id, lanes.head AS number, lanes.claim_number,
         lanes.sequence_number, lanes.transaction_number, lanes.attempts, lanes.tries,
         lanes.lane_rank, lanes.order_date`,
      [incarnation, run?.definition ?? null, run?.id ?? null, json(numbered)],
    ),
  );
  const more = ready.length === options.limit;
  const nextWakeInMs = more ? undefined : await nextWake(tx, provider);
  return { heads, run, nextWakeInMs, more, contended: false };
}

async function nextWake(tx: Db, provider: string): Promise<number | undefined> {
  const [next] = await tx.all<{ ms: number | null }>(
    `SELECT min(wake_date) - $now AS ms FROM lanes
     WHERE provider = ? AND owner IS NULL AND wake_date IS NOT NULL`,
    [provider],
  );
  return next?.ms ?? undefined;
}
