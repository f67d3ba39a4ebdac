import { type Db, json } from "./database.js";
import { inKeyOrder, LANE_KEY, type LaneKey } from "./lane-key.js";

/**
 * Locks the lanes of open requests, in key order. Lanes are locked before waiting rows, here as
 * everywhere, and what they say is looked at in a statement of its own, once they are.
 */
export async function lockLanesOf(tx: Db, numbers: readonly number[]): Promise<void> {
  const { rows, joinRow, joinLane } = tx.dialect;
  await tx.all(
    `SELECT l.head FROM (SELECT DISTINCT w.provider, w.ca_id
       FROM ${rows("x", { number: "bigint" })} ${joinRow("waiting", "w", "w.number = x.number")}
       ORDER BY w.provider, w.ca_id) AS lane ${joinLane("wait", "lane")}`,
    [
      json(
        { number: "bigint" },
        numbers.map((number) => ({ number })),
      ),
    ],
  );
}

/** Locks lanes, in key order; those of them that are this owner's by then. */
export function lockOwned(
  tx: Db,
  owner: string,
  lanes: readonly LaneKey[],
): Promise<readonly LaneKey[]> {
  const { rows, joinLane } = tx.dialect;
  return tx.all(
    `SELECT l.provider, l.ca_id FROM ${rows("x", LANE_KEY)} ${joinLane("wait", "x")}
     WHERE l.owner = ?`,
    [json(LANE_KEY, inKeyOrder(lanes)), owner],
  );
}
