import { CAME_DUE, HIGHEST_DUE_RANK } from "./came-due.js";
import { type Db, json, type Tx } from "./database.js";
import { LANE_KEY, type LaneKey } from "./lane-key.js";

/** Sleeping lanes that one claim wakes at most. */
const PROMOTED = 1000;
/** Urgent requests that one claim finds to have come due behind their lane's head, at most. */
const LIFTED = 200;

interface DueRequest extends LaneKey {
  readonly number: number;
}

/** What has come due at a provider. */
export interface CameDue {
  /** Lanes that slept until now, locked. */
  readonly lanes: readonly LaneKey[];
  /** Urgent requests, some perhaps behind their lanes' heads. */
  readonly requests: readonly DueRequest[];
}

/** Finds the lanes of a provider whose time has come, and the requests that make theirs urgent. */
export async function findCameDue(tx: Db, provider: string): Promise<CameDue> {
  const [lanes, requests] = await Promise.all([
    tx.all<LaneKey>(
      `SELECT provider, ca_id FROM lanes WHERE provider = ? AND ${CAME_DUE}
       ORDER BY provider, wake_date LIMIT ${PROMOTED} ${tx.dialect.forUpdateSkipLocked}`,
      [provider],
    ),
    tx.all<DueRequest>(
      `SELECT number, provider, ca_id FROM waiting
       WHERE provider = ? AND lane_rank > 0 AND due_date > 0 AND due_date <= $now
       ORDER BY provider, due_date LIMIT ${LIFTED}`,
      [provider],
    ),
  ]);
  return { lanes, requests };
}

/** Wakes these lanes, and lifts those of the requests. */
export async function promoteLanes(tx: Tx, { lanes, requests }: CameDue): Promise<void> {
  const { rows, greatest, laneOf } = tx.dialect;
  if (lanes.length > 0) {
    tx.run(
      `UPDATE lanes SET wake_date = NULL,
         tail_date = ${greatest("lanes.tail_date", "lanes.order_date")},
         lane_rank = ${greatest("lanes.lane_rank", HIGHEST_DUE_RANK)}
       FROM ${rows("x", LANE_KEY)} WHERE ${laneOf("x")}`,
      [json(LANE_KEY, lanes)],
    );
  }
  await liftLanes(tx, requests);
}

/**
 * A scheduled EXPRESS request lifts its lane when its date has come, though another request is the
 * lane's head. It is then due for good (due date 0), which no clock takes back.
 */
async function liftLanes(tx: Tx, due: readonly DueRequest[]): Promise<void> {
  if (due.length === 0) return;
  const { rows, greatest, joinLane, laneOf, isOneOf, numbers } = tx.dialect;
  // Lanes are locked before waiting rows, always; those that are locked already are lifted later.
  const lanes = await tx.all<LaneKey>(
    `SELECT DISTINCT l.provider, l.ca_id FROM ${rows("x", LANE_KEY)} ${joinLane("skip", "x")}`,
    [json(LANE_KEY, due)],
  );
  if (lanes.length === 0) return;
  const locked = new Set(lanes.map(({ ca_id }) => ca_id));
  tx.run(
    `UPDATE waiting SET due_date = 0
     WHERE ${isOneOf("number")}`,
    [numbers(due.filter(({ ca_id }) => locked.has(ca_id)).map(({ number }) => number))],
  );
  tx.run(
    `UPDATE lanes SET lane_rank = ${greatest("lanes.lane_rank", HIGHEST_DUE_RANK)},
       tail_date = ${greatest(
         "lanes.tail_date",
         `coalesce((SELECT max(w.order_date) FROM waiting w
            WHERE w.provider = lanes.provider AND w.ca_id = lanes.ca_id
              AND w.lane_rank > 0 AND w.due_date = 0), 0)`,
       )}
     FROM ${rows("x", LANE_KEY)} WHERE ${laneOf("x")}`,
    [json(LANE_KEY, lanes)],
  );
}
