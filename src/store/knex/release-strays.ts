import { claimedLanes, forgetEmptyClaims, GIVE_UP } from "./claims.js";
import { json, type Tx } from "./database.js";
import { LANE_KEY } from "./lane-key.js";
import { lockOwned } from "./lock-lanes.js";

/** Frees what a process owns at a provider without knowing: claims whose commit went unanswered. */
export async function releaseStrays(
  tx: Tx,
  incarnation: string,
  provider: string,
  keep: readonly string[],
): Promise<void> {
  const { rows, laneOf } = tx.dialect;
  // By ca_id alone: with the whole key PostgreSQL reads all lanes in its order to leave out doubles.
  const owned = await tx.all<{ ca_id: string }>(
    `SELECT l.ca_id FROM lanes l WHERE l.held_by = ? AND l.owner = ? AND l.provider || '' = ?
     UNION
     SELECT l.ca_id FROM ${claimedLanes(tx.dialect, "n.provider = ? AND n.owner = ?")}`,
    [incarnation, incarnation, provider, provider, incarnation],
  );
  const kept = new Set(keep);
  const strays = owned
    .filter(({ ca_id }) => !kept.has(ca_id))
    .map(({ ca_id }) => ({ provider, ca_id }));
  if (strays.length > 0) {
    const still = await lockOwned(tx, incarnation, strays);
    tx.run(
      `UPDATE lanes SET ${GIVE_UP}, since_date = $now
       FROM ${rows("x", LANE_KEY)} WHERE ${laneOf("x")}`,
      [json(LANE_KEY, still)],
    );
  }
  forgetEmptyClaims(tx, incarnation, provider);
}
