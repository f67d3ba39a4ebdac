import type { TakenOver } from "../dispatch-store.js";
import { type Database, type Db, json } from "./database.js";
import { endUnknown } from "./end-requests.js";
import { inKeyOrder } from "./key-order.js";

/** Lanes that one transaction frees at most: a short one, whatever a dead process held. */
const FREED = 500;

export async function registerIncarnation(
  tx: Db,
  incarnation: string,
  description: string,
  leaseMs: number,
): Promise<void> {
  await tx.all(
    `INSERT INTO incarnations (id, started_date, lease_date, fenced, description)
     VALUES (?, $now, $now + ${Number(leaseMs)}, false, ?)`,
    [incarnation, description],
  );
}

/** Prolongs the lease; false once the process was fenced. */
export async function heartbeat(tx: Db, incarnation: string, leaseMs: number): Promise<boolean> {
  const alive = await tx.all(
    `UPDATE incarnations SET lease_date = $now + ${Number(leaseMs)}
     WHERE id = ? AND fenced = false RETURNING id`,
    [incarnation],
  );
  return alive.length > 0;
}

/**
 * Takes over from processes that are gone. The fence is first and committed by itself: from then
 * on such a process claims nothing and prolongs nothing. Then what it held is freed in bounded
 * steps, each of which may fail and is done again by the next sweep; its row goes last. An answer
 * that it still writes counts as long as its lane is not freed: better than sending again.
 */
export async function takeOver(database: Database, incarnation: string): Promise<TakenOver> {
  const expired = database.dialect.capabilities.manyInstances ? "lease_date < $now" : "true";
  const fenced = await database.write("dispatch", (tx) =>
    tx.all<{ id: string }>(
      `UPDATE incarnations SET fenced = true WHERE id <> ? AND (fenced = true OR ${expired})
       RETURNING id`,
      [incarnation],
    ),
  );
  let lanes = 0;
  for (const { id } of fenced) {
    lanes += await freeLanes(database, id);
    await database.write("dispatch", async (tx) => {
      await freeSlotsAndRuns(tx, id);
      await tx.all("DELETE FROM incarnations WHERE id = ? AND fenced = true", [id]);
    });
  }
  return { incarnations: fenced.map(({ id }) => id), lanes };
}

/**
 * Gives back everything of a process that stops in good order. Fenced first, as in a take-over: a
 * claim under way commits before that, or takes nothing. Otherwise it could leave a lane behind,
 * and the two would take the rows of incarnation and run in opposite orders.
 */
export async function deregister(database: Database, incarnation: string): Promise<void> {
  await database.write("dispatch", (tx) =>
    tx.all("UPDATE incarnations SET fenced = true WHERE id = ?", [incarnation]),
  );
  await freeLanes(database, incarnation);
  await database.write("dispatch", async (tx) => {
    await freeSlotsAndRuns(tx, incarnation);
    await tx.all("DELETE FROM incarnations WHERE id = ?", [incarnation]);
  });
}

/**
 * Freed heads keep their transaction number: they are sent again under it, and count as tried
 * once more, since nobody knows how far the process came. But an at-most-once
 * command whose send mark is found may have had its effect: it ends as OUTCOME_UNKNOWN.
 */
async function freeLanes(database: Database, incarnation: string): Promise<number> {
  let total = 0;
  for (;;) {
    const { looked, freed } = await database.write("dispatch", async (tx) => {
      const { rows, joinLane, laneOf } = tx.dialect;
      const held = await tx.all<{ provider: string; caId: string }>(
        `SELECT provider, ca_id AS "caId" FROM lanes WHERE owner = ? LIMIT ${FREED}`,
        [incarnation],
      );
      const columns = { provider: "text", ca_id: "text" } as const;
      const still = await tx.all<{ provider: string; ca_id: string }>(
        `SELECT l.provider, l.ca_id FROM ${rows("x", columns)} ${joinLane("wait", "x")}
         WHERE coalesce(l.owner, '') = ?`,
        [
          json(
            columns,
            inKeyOrder(held).map(({ provider, caId }) => ({ provider, ca_id: caId })),
          ),
          incarnation,
        ],
      );
      const lanes = await tx.all<{ head: number; send_mark: boolean | number }>(
        `UPDATE lanes SET owner = NULL, tries = tries + 1, since_date = $now
         FROM ${rows("x", columns)} WHERE ${laneOf("x")} RETURNING head, send_mark`,
        [json(columns, still)],
      );
      await endUnknown(
        tx,
        lanes.filter((lane) => Boolean(lane.send_mark)).map(({ head }) => head),
      );
      return { looked: held.length, freed: lanes.length };
    });
    total += freed;
    // By what was looked at: a result may have come first, or another rescuer.
    if (looked < FREED) return total;
  }
}

async function freeSlotsAndRuns(tx: Db, incarnation: string): Promise<void> {
  await tx.all(
    `UPDATE session_slots SET owner = NULL, state = 'CLOSED', changed_date = $now
     WHERE owner = ?`,
    [incarnation],
  );
  await tx.all(
    `UPDATE runs SET state = 'INTERRUPTED', end_date = $now WHERE owner = ? AND state = 'ACTIVE'`,
    [incarnation],
  );
}
