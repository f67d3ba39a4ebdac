import type { Claimed, ClaimedHead, ClaimOptions, ClaimRun } from "../dispatch-store.js";
import { anyReady, chooseHeads } from "./choose-heads.js";
import { forgetClaims, MANY, noteClaim, ownedByOthers } from "./claims.js";
import { type Db, json, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { lockDispatch, spend } from "./dispatch-row.js";
import { activeRun, selectInRun } from "./insert-run.js";
import { LANE_KEY } from "./lane-key.js";
import { mayClaim } from "./may-claim.js";
import { numberHeads } from "./number-heads.js";
import { findCameDue, promoteLanes } from "./promote-lanes.js";

/** When to look again for places that another instance holds. */
const CAP_RETRY_MS = 20;

const NOTHING: Claimed = {
  heads: [],
  number: undefined,
  run: undefined,
  nextWakeInMs: undefined,
  more: false,
  contended: false,
  stale: false,
};

/**
 * Claims ready lane heads of one provider: locks its `dispatch` row (which serialises the claims
 * of the provider, and is always taken before lanes), wakes the lanes whose time has come, takes
 * the ready heads, gives each new head its sequence and transaction number. Reads history only by
 * key, for the heads it took.
 */
export async function claimHeads(tx: Tx, options: ClaimOptions, many = MANY): Promise<Claimed> {
  const { provider, incarnation } = options;
  forgetClaims(tx, incarnation, provider, options.ended);
  // Sent together, these are one trip to the database; what is read is read under the lock. Without
  // it, sleeping lanes that nobody else has are locked until the end, which is at once.
  const [dispatch, allowed, others, cameDue] = await Promise.all([
    lockDispatch(tx, provider, options.pace),
    mayClaim(tx, provider, incarnation),
    ownedByOthers(tx, provider, incarnation),
    findCameDue(tx, provider),
  ]);
  // Somebody else claims for this provider just now.
  if (dispatch === undefined) return { ...NOTHING, contended: true };
  if (dispatch.providerVersion !== options.providerVersion) return { ...NOTHING, stale: true };
  if (!allowed) return NOTHING;
  const blockedMs = Math.max(dispatch.pausedMs, dispatch.tokenInMs);
  const immediateOnly = options.run === undefined;
  if (blockedMs > 0) {
    // What waits for that keeps its run open; a run that has nothing here need not stay for it.
    const more = cameDue.lanes.length > 0 || (await anyReady(tx, { provider, immediateOnly }));
    return { ...NOTHING, more, nextWakeInMs: blockedMs };
  }
  const free = options.maxInFlight - options.inHand - others;
  const places = Math.min(options.limit, Math.floor(dispatch.tokens), free);
  // Another instance's heads fill the cap: nothing tells when they are done.
  if (places <= 0) return { ...NOTHING, more: true, nextWakeInMs: CAP_RETRY_MS };
  await promoteLanes(tx, cameDue);
  const [{ chosen, more }, active] = await Promise.all([
    chooseHeads(tx, {
      provider,
      places,
      turn: dispatch.turn,
      immediateOnly,
    }),
    options.run && activeRun(tx, options.run.definition),
  ]);
  if (chosen.length === 0) return { ...NOTHING, nextWakeInMs: await nextWake(tx, provider) };

  const { heads, sequence } = numberHeads(chosen, dispatch.sequence);
  spend(tx, dispatch, sequence, heads.length);
  // The turn rises with each claim, so it is one claim's alone.
  const number = heads.length < many ? undefined : dispatch.turn;
  if (number !== undefined) noteClaim(tx, incarnation, provider, number, heads);
  const [run, nextWakeInMs] = await Promise.all([
    ownInRun(tx, heads, options, number === undefined, active),
    // With the rate as the bound, the next claim finds out when there is a token.
    more ? undefined : nextWake(tx, provider),
  ]);
  return { heads, number, run, nextWakeInMs, more, contended: false, stale: false };
}

/**
 * Owns the heads, and counts those that are not immediate in the run. A run that a tick or a due
 * request started is stored with the first heads it selects; another instance's may be active. The
 * run's row comes last: results wait for it, and marking 500 lanes takes a while.
 */
async function ownInRun(
  tx: Tx,
  heads: readonly ClaimedHead[],
  { incarnation, run }: ClaimOptions,
  singly: boolean,
  active: string | undefined,
): Promise<ClaimRun | undefined> {
  if (run === undefined) {
    // Others among them are what an immediate request waits behind.
    own(tx, heads, incarnation, singly, undefined);
    return undefined;
  }
  const immediate = heads.filter(({ processImmediately }) => processImmediately);
  const selected = heads.filter(({ processImmediately }) => !processImmediately);
  own(tx, immediate, incarnation, singly, undefined);
  if (selected.length === 0) return run;
  const expected = { ...run, id: active ?? run.id };
  own(tx, selected, incarnation, singly, expected);
  const counted = { ...run, id: await selectInRun(tx, run, incarnation, selected.length) };
  if (counted.id !== expected.id) moveToRun(tx, selected, counted);
  return counted;
}

const COLUMNS = {
  provider: "text",
  ca_id: "text",
  sequence_number: "bigint",
  transaction_number: "bigint",
} as const satisfies Record<string, ColumnType>;

/**
 * Marks lanes, which the transaction has locked, as owned with their heads' numbers. None of the
 * columns is in an index, but for `held_by`, which only those have that no row of `claims` names.
 */
function own(
  tx: Tx,
  heads: readonly ClaimedHead[],
  incarnation: string,
  singly: boolean,
  run: ClaimRun | undefined,
): void {
  if (heads.length === 0) return;
  const rows = heads.map((head) => ({
    provider: head.provider,
    ca_id: head.caId,
    sequence_number: head.sequenceNumber,
    transaction_number: head.transactionNumber,
  }));
  tx.run(
    `UPDATE lanes SET owner = ?,${singly ? " held_by = ?," : ""} claim_number = lanes.claim_number + 1,
       sequence_number = x.sequence_number, transaction_number = x.transaction_number,
       process_name = ?, process_id = ?,
       tail_date = ${tx.dialect.greatest("lanes.tail_date", "lanes.order_date")}
     FROM ${tx.dialect.rows("x", COLUMNS)} WHERE ${tx.dialect.laneOf("x")}`,
    [
      ...(singly ? [incarnation, incarnation] : [incarnation]),
      run?.definition ?? null,
      run?.id ?? null,
      json(COLUMNS, rows),
    ],
  );
}

/** For the rare time that another run has become the active one in between. */
function moveToRun(tx: Tx, heads: readonly ClaimedHead[], run: ClaimRun): void {
  const rows = heads
    .filter(({ processImmediately }) => !processImmediately)
    .map(({ provider, caId }) => ({ provider, ca_id: caId }));
  tx.run(
    `UPDATE lanes SET process_id = ? FROM ${tx.dialect.rows("x", LANE_KEY)}
     WHERE ${tx.dialect.laneOf("x")}`,
    [run.id, json(LANE_KEY, rows)],
  );
}

async function nextWake(tx: Db, provider: string): Promise<number | undefined> {
  const [next] = await tx.all<{ ms: number | null }>(
    `SELECT min(next.date) - $now AS ms FROM (
       SELECT (SELECT wake_date FROM lanes
         WHERE provider = ? AND owner IS NULL AND wake_date IS NOT NULL
         ORDER BY provider, wake_date LIMIT 1) AS date
       UNION ALL
       SELECT (SELECT due_date FROM waiting
         WHERE provider = ? AND lane_rank > 0 AND due_date > 0
         ORDER BY provider, due_date LIMIT 1)
     ) next`,
    [provider, provider],
  );
  return next?.ms ?? undefined;
}
