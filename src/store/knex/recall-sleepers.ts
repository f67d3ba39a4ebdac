import type { ClockLook } from "../dispatch-store.js";
import { type Database, json, type Tx } from "./database.js";
import { inKeyOrder, LANE_KEY, type LaneKey } from "./lane-key.js";

/** Lanes that one transaction changes at most: a short one, however many sleep. */
const RECALLED = 500;

/** A lane put to sleep by a clock that was ahead of what it says now, until its head's next attempt. */
interface Sleeper extends LaneKey {
  readonly given_up: number;
}

/**
 * Lets lanes in the pause before their head's next attempt sleep as long as they were meant to, after
 * the clock was set back: their wake date goes back with it. Scheduled requests keep their dates.
 *
 * Looks only where the clock says less than at the last look, of which `seen` tells, or where there
 * was none: to go through a hundred thousand such lanes takes a while. A clock that was set back by
 * less than has passed since then lengthens no pause by more than that.
 */
export async function recallSleepers(
  database: Database,
  seen: number | undefined,
): Promise<ClockLook> {
  const [clock] = await database.reader.all<{ now: number }>("SELECT $now AS now");
  const now = clock?.now ?? 0;
  let recalled = 0;
  if (seen !== undefined && now >= seen) return { now, recalled };
  let last: Sleeper | undefined;
  do {
    const sleepers: Sleeper[] = await database.reader.all<Sleeper>(
      `SELECT provider, ca_id, given_up FROM lanes
       WHERE (provider, given_up) > (?, ?) AND given_up IS NOT NULL
         AND owner IS NULL AND wake_date IS NOT NULL AND since_date > $now
       ORDER BY provider, given_up LIMIT ${RECALLED}`,
      [last?.provider ?? "", last?.given_up ?? 0],
    );
    if (sleepers.length > 0) {
      recalled += await database.write("dispatch", (tx) => recall(tx, sleepers));
    }
    last = sleepers.length < RECALLED ? undefined : sleepers.at(-1);
  } while (last !== undefined);
  return { now, recalled };
}

/** Locks the lanes first, in key order; what has become of them meanwhile stands. */
async function recall(tx: Tx, sleepers: readonly Sleeper[]): Promise<number> {
  const { rows, joinLane, laneOf } = tx.dialect;
  // Found by their key, hence coalesce.
  const still = await tx.all<LaneKey>(
    `SELECT l.provider, l.ca_id FROM ${rows("x", LANE_KEY)} ${joinLane("wait", "x")}
     WHERE l.owner IS NULL AND coalesce(l.wake_date, 0) > 0 AND l.since_date > $now`,
    [json(LANE_KEY, inKeyOrder(sleepers))],
  );
  tx.run(
    `UPDATE lanes SET wake_date = lanes.wake_date - lanes.since_date + $now, since_date = $now
     FROM ${rows("x", LANE_KEY)} WHERE ${laneOf("x")}`,
    [json(LANE_KEY, still)],
  );
  return still.length;
}
