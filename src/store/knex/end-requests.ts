import { SERVICE } from "../../requests/ended-request.js";
import type { LifeCycleState } from "../../requests/life-cycle.js";
import type { Expired } from "../dispatch-store.js";
import type { Ended, RequestIdentifier } from "../request-store.js";
import { HIGHEST_DUE_RANK } from "./came-due.js";
import { json, type Tx } from "./database.js";
import { electHeads, type HeadlessLane } from "./elect-heads.js";
import { insertOutcomes, type OutcomeRow } from "./insert-outcomes.js";
import { lockLanesOf } from "./lock-lanes.js";

/** An open request that nobody is sending, its lane locked. */
interface Idle {
  /** The database's time. */
  readonly now: number;
  readonly number: number;
  readonly provider: string;
  readonly ca_id: string;
  readonly tail_date: number;
  readonly depth: number;
  readonly head: number;
  readonly sequence_number: number | null;
  readonly transaction_number: number | null;
  readonly executed_date: number | null;
  readonly attempts: number;
  readonly tries: number;
  readonly last_error: string | null;
}

/**
 * Ends open requests that are not being sent, heads or not: locks their lanes in key order, passes
 * over those that are under way or gone, writes the outcomes, and gives headless lanes their next.
 */
async function endIdle(
  tx: Tx,
  numbers: readonly number[],
  outcome: (idle: Idle) => Pick<OutcomeRow, "life_cycle_state" | "ended_by"> & Partial<OutcomeRow>,
): Promise<readonly Pick<Idle, "number" | "provider">[]> {
  const wanted = json(
    { number: "bigint" },
    numbers.map((number) => ({ number })),
  );
  const { rows, joinRow, joinLane } = tx.dialect;
  await lockLanesOf(tx, numbers);
  const idle = await tx.all<Idle>(
    `SELECT $now AS now, w.number, l.provider, l.ca_id, l.tail_date, l.depth, l.head,
       l.sequence_number, l.transaction_number, l.executed_date, l.attempts, l.tries, l.last_error
     FROM ${rows("x", { number: "bigint" })}
     ${joinRow("waiting", "w", "w.number = x.number")} ${joinLane("none", "w")}
     WHERE NOT (l.head = w.number AND l.owner IS NOT NULL)`,
    [wanted],
  );
  insertOutcomes(
    tx,
    idle.map((one) => {
      const head = one.head === one.number ? one : undefined;
      return {
        number: one.number,
        sequence_number: head?.sequence_number ?? undefined,
        transaction_number: head?.transaction_number ?? undefined,
        executed_date: head?.executed_date ?? undefined,
        request: undefined,
        response: undefined,
        reference_number: undefined,
        answer: undefined,
        error_code: undefined,
        error_description: undefined,
        error_origin: undefined,
        attempts: head?.attempts ?? 0,
        process_name: undefined,
        process_id: undefined,
        ended_date: one.now,
        ...outcome(one),
      };
    }),
  );
  const lanes = lanesOfEnded(idle);
  await electHeads(
    tx,
    lanes.filter(({ headless }) => headless),
  );
  lowerLanes(
    tx,
    lanes.filter(({ headless }) => !headless),
  );
  return idle;
}

interface LaneOfEnded extends HeadlessLane {
  readonly headless: boolean;
}

function lanesOfEnded(idle: readonly Idle[]): LaneOfEnded[] {
  const lanes = new Map<string, LaneOfEnded>();
  for (const { provider, ca_id, tail_date, depth, head, number } of idle) {
    const key = `${provider}\n${ca_id}`;
    const before = lanes.get(key);
    lanes.set(key, {
      provider,
      ca_id,
      tail_date,
      depth,
      ended: (before?.ended ?? 0) + 1,
      headless: before?.headless === true || head === number,
    });
  }
  return [...lanes.values()];
}

/** For lanes that keep their head. What lifted one may be gone: its rank is that of who is left. */
function lowerLanes(tx: Tx, lanes: readonly HeadlessLane[]): void {
  if (lanes.length === 0) return;
  const columns = { provider: "text", ca_id: "text", ended: "integer" } as const;
  tx.run(
    `UPDATE lanes SET depth = lanes.depth - x.ended, lane_rank = ${HIGHEST_DUE_RANK}
     FROM ${tx.dialect.rows("x", columns)} WHERE ${tx.dialect.laneOf("x")}`,
    [json(columns, lanes)],
  );
}

/** Cancels a request on a caller's wish; the reason, if given, is kept as its error description. */
export async function cancelRequest(
  tx: Tx,
  identifier: RequestIdentifier,
  by: string,
  reason: string | undefined,
): Promise<Ended> {
  const [found] = await tx.all<{ number: number }>(
    `SELECT number FROM requests WHERE ${identifier.by} = ?`,
    [identifier.value],
  );
  if (found === undefined) return { kind: "not_found" };
  const ended = await endIdle(tx, [found.number], () => ({
    life_cycle_state: "CANCELLED",
    ended_by: by,
    error_description: reason,
  }));
  if (ended.length > 0) return { kind: "ended" };
  const [outcome] = await tx.all<{ life_cycle_state: LifeCycleState }>(
    "SELECT life_cycle_state FROM outcomes WHERE number = ?",
    [found.number],
  );
  if (outcome?.life_cycle_state === "CANCELLED") return { kind: "already" };
  return { kind: "not_allowed", state: outcome?.life_cycle_state ?? "PROCESSING" };
}

/** Ends requests whose expire_date has passed and that are not being sent, `limit` at most. */
export async function expireRequests(tx: Tx, limit: number): Promise<Expired> {
  const due = await tx.all<{ number: number }>(
    `SELECT w.number FROM waiting w ${tx.dialect.joinLane("none", "w")}
     WHERE w.expire_date IS NOT NULL AND w.expire_date <= $now
       AND NOT (l.head = w.number AND l.owner IS NOT NULL)
     ORDER BY w.expire_date LIMIT ?`,
    [limit],
  );
  if (due.length === 0) return { numbers: [], providers: [] };
  const ended = await endIdle(
    tx,
    due.map(({ number }) => number),
    (idle) => ({
      life_cycle_state: "REJECTED",
      ended_by: SERVICE,
      error_code: "EXPIRED",
      error_origin: "SERVICE",
      error_description: expiredText(idle),
    }),
  );
  return {
    numbers: ended.map(({ number }) => number),
    providers: [...new Set(ended.map(({ provider }) => provider))],
  };
}

/** Ends at-most-once commands that an owner which is gone may have sent. */
export async function endUnknown(
  tx: Tx,
  numbers: readonly number[],
  loss: { readonly description: string; readonly processName: string | undefined },
): Promise<void> {
  if (numbers.length === 0) return;
  await endIdle(tx, numbers, () => ({
    life_cycle_state: "REJECTED",
    ended_by: SERVICE,
    error_code: "OUTCOME_UNKNOWN",
    error_origin: "SERVICE",
    error_description: loss.description,
    process_name: loss.processName,
  }));
}

function expiredText(idle: Idle): string {
  if (idle.head !== idle.number || (idle.executed_date === null && idle.tries === 0)) {
    return "its expire_date passed before it was sent";
  }
  const last = idle.last_error === null ? "" : `; last error: ${idle.last_error}`;
  return `its expire_date passed; it was sent before and may have had its effect${last}`;
}
