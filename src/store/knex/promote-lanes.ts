import { CAME_DUE, HIGHEST_DUE_RANK } from "./came-due.js";
import { type Db, json } from "./database.js";

/** Sleeping lanes that one claim wakes at most. */
const PROMOTED = 1000;
/** Urgent requests that one claim finds to have come due behind their lane's head, at most. */
const LIFTED = 200;

/** Wakes the lanes of a provider whose time has come, and lifts those that have become urgent. */
export async function promoteLanes(tx: Db, provider: string): Promise<void> {
  const { greatest, forUpdateSkipLocked } = tx.dialect;
  await tx.all(
    `UPDATE lanes SET wake_date = NULL,
       tail_date = ${greatest("tail_date", "order_date")},
       lane_rank = ${greatest("lane_rank", HIGHEST_DUE_RANK)}
     WHERE provider = ? AND ca_id IN (SELECT ca_id FROM lanes
       WHERE provider = ? AND ${CAME_DUE}
       ORDER BY wake_date LIMIT ${PROMOTED} ${forUpdateSkipLocked})`,
    [provider, provider],
  );
  await liftLanes(tx, provider);
}

/**
 * A scheduled EXPRESS request lifts its lane when its date has come, though another request is the
 * lane's head. It is then due for good (due date 0), which no clock takes back.
 */
async function liftLanes(tx: Db, provider: string): Promise<void> {
  const due = await tx.all<{ number: number; ca_id: string }>(
    `SELECT number, ca_id FROM waiting
     WHERE provider = ? AND lane_rank > 0 AND due_date > 0 AND due_date <= $now
     ORDER BY due_date LIMIT ${LIFTED}`,
    [provider],
  );
  if (due.length === 0) return;
  const { rows, greatest, forUpdateSkipLocked } = tx.dialect;
  const columns = { number: "bigint", ca_id: "text" } as const;
  // Lanes are locked before waiting rows, always; those that are locked already are lifted later.
  const lanes = await tx.all<{ ca_id: string }>(
    `SELECT l.ca_id FROM lanes l WHERE l.provider = ? AND l.ca_id IN
       (SELECT x.ca_id FROM ${rows("x", columns)})
     ORDER BY l.provider, l.ca_id ${forUpdateSkipLocked}`,
    [provider, json(due)],
  );
  const locked = new Set(lanes.map(({ ca_id }) => ca_id));
  const lifted = due.filter(({ ca_id }) => locked.has(ca_id));
  if (lifted.length === 0) return;
  await tx.all(
    `UPDATE waiting SET due_date = 0 WHERE number IN
       (SELECT x.number FROM ${rows("x", columns)})`,
    [json(lifted)],
  );
  await tx.all(
    `UPDATE lanes SET lane_rank = ${greatest("lane_rank", HIGHEST_DUE_RANK)},
       tail_date = ${greatest(
         "tail_date",
         `coalesce((SELECT max(w.order_date) FROM waiting w
            WHERE w.provider = lanes.provider AND w.ca_id = lanes.ca_id
              AND w.lane_rank > 0 AND w.due_date = 0), 0)`,
       )}
     WHERE provider = ? AND ca_id IN (SELECT x.ca_id FROM ${rows("x", columns)})`,
    [provider, json(lifted)],
  );
}
