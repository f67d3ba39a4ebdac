import type { TakenOver } from "../dispatch-store.js";
import type { Database, Db } from "./database.js";
import { fence } from "./fence.js";
import { freeLanes, freeUnnamedLanes, type Loss } from "./free-lanes.js";

const DIED: Loss = {
  description: "the process that sent it died: it may have had its effect",
  processName: undefined,
  lastError: undefined,
};

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

/** Processes that are not fenced. */
export async function countInstances(db: Db): Promise<number> {
  const [row] = await db.all<{ instances: number }>(
    "SELECT count(*) AS instances FROM incarnations WHERE fenced = false",
  );
  return Number(row?.instances ?? 0);
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
  const fenced = await database.write("dispatch", async (tx) => {
    const ids = await fence(tx, `id <> ? AND (fenced = true OR ${expired})`, [incarnation]);
    await interruptOrphans(tx);
    return ids;
  });
  let lanes = 0;
  for (const id of fenced) {
    lanes += await freeLanesAndSlots(database, id);
    await database.write("dispatch", async (tx) => {
      await interruptRuns(tx, id);
      await tx.all("DELETE FROM incarnations WHERE id = ? AND fenced = true", [id]);
    });
  }
  return { incarnations: fenced, lanes };
}

/**
 * Gives back everything of a process that stops in good order. Fenced first, as in a take-over: a
 * claim under way commits before that, or takes nothing. Otherwise it could leave a lane behind,
 * and the two would take the rows of incarnation and run in opposite orders.
 * Its runs are handed over with the fence: whoever finds it fenced takes it for dead, and would
 * interrupt them. Once more at the end, for one that a last call started meanwhile.
 */
export async function deregister(database: Database, incarnation: string): Promise<void> {
  await database.write("dispatch", async (tx) => {
    await fence(tx, "id = ?", [incarnation]);
    await handOverRuns(tx, incarnation);
  });
  await freeLanesAndSlots(database, incarnation);
  await database.write("dispatch", async (tx) => {
    await handOverRuns(tx, incarnation);
    await interruptRuns(tx, incarnation);
    await tx.all("DELETE FROM incarnations WHERE id = ?", [incarnation]);
  });
}

/** Runs that could not be ended have work in other instances, and go on there, if there is one. */
async function handOverRuns(tx: Db, incarnation: string): Promise<void> {
  await tx.all(
    `UPDATE runs SET owner = coalesce((SELECT i.id FROM incarnations i
       WHERE i.id <> ? AND i.fenced = false ORDER BY i.lease_date DESC LIMIT 1), owner)
     WHERE owner = ? AND state = 'ACTIVE'`,
    [incarnation, incarnation],
  );
}

/** Two processes that go at the same time may each hand its runs over to the other. */
async function interruptOrphans(tx: Db): Promise<void> {
  await tx.all(
    `UPDATE runs SET state = 'INTERRUPTED', end_date = $now
     WHERE state = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM incarnations i WHERE i.id = runs.owner)`,
  );
}

/** To how many lanes it was done. The connections go to others before all lanes are gone through. */
async function freeLanesAndSlots(database: Database, incarnation: string): Promise<number> {
  const { lanes } = await freeLanes(database, incarnation, DIED);
  await database.write("dispatch", (tx) => freeSlots(tx, incarnation));
  const unnamed = await freeUnnamedLanes(database, incarnation, DIED);
  return lanes + unnamed.lanes;
}

async function freeSlots(tx: Db, incarnation: string): Promise<void> {
  await tx.all(
    `UPDATE session_slots SET owner = NULL, state = 'CLOSED', answers_per_second = NULL,
       changed_date = $now
     WHERE owner = ?`,
    [incarnation],
  );
}

async function interruptRuns(tx: Db, incarnation: string): Promise<void> {
  await tx.all(
    `UPDATE runs SET state = 'INTERRUPTED', end_date = $now WHERE owner = ? AND state = 'ACTIVE'`,
    [incarnation],
  );
}
