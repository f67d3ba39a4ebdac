import type { Db } from "./database.js";

/**
 * Ends the pause of a lane whose head, of this number, was claimed before and waits for its next
 * attempt. It ends now, rather than never having been: the next claim promotes the lane like any
 * other whose time has come.
 */
export async function endPause(tx: Db, number: number): Promise<boolean> {
  const ended = await tx.all(
    `UPDATE lanes SET wake_date = $now, tries = 0, since_date = $now
     WHERE (provider, ca_id) IN (SELECT w.provider, w.ca_id FROM waiting w WHERE w.number = ?)
       AND head = ? AND owner IS NULL AND sequence_number IS NOT NULL AND wake_date > $now
     RETURNING head`,
    [number, number],
  );
  return ended.length > 0;
}
