import { type Database, json } from "./database.js";
import { endUnknown } from "./end-requests.js";
import { inKeyOrder } from "./key-order.js";

/** Lanes that one transaction frees at most: a short one, whatever their owner held. */
const FREED = 500;

/** Why lanes are taken from their owner, which has not said what became of their heads. */
export interface Loss {
  /** Of an at-most-once command that may have had its effect. */
  readonly description: string;
  /** What the process of such a command was called; undefined when that is not known. */
  readonly processName: string | undefined;
  /** Of all others; undefined keeps the one they have. */
  readonly lastError: string | undefined;
}

export interface Freed {
  readonly lanes: number;
  /** Numbers of requests that ended as OUTCOME_UNKNOWN. */
  readonly unknown: readonly number[];
}

/**
 * Frees all lanes of an owner that is fenced: one that claims no more. Freed heads keep their
 * transaction number: they are sent again under it, and count as tried once more, since nobody
 * knows how far the owner came. But an at-most-once command whose send mark is found may have had
 * its effect: it ends as OUTCOME_UNKNOWN.
 */
export async function freeLanes(database: Database, owner: string, loss: Loss): Promise<Freed> {
  let total = 0;
  const unknown: number[] = [];
  for (;;) {
    const { looked, freed, ended } = await database.write("dispatch", async (tx) => {
      const { rows, joinLane, laneOf } = tx.dialect;
      const held = await tx.all<{ provider: string; ca_id: string }>(
        `SELECT provider, ca_id FROM lanes WHERE owner = ? LIMIT ${FREED}`,
        [owner],
      );
      const columns = { provider: "text", ca_id: "text" } as const;
      const still = await tx.all<{ provider: string; ca_id: string }>(
        `SELECT l.provider, l.ca_id FROM ${rows("x", columns)} ${joinLane("wait", "x")}
         WHERE coalesce(l.owner, '') = ?`,
        [json(columns, inKeyOrder(held)), owner],
      );
      const lanes = await tx.all<{ head: number; send_mark: boolean | number }>(
        `UPDATE lanes SET owner = NULL, tries = tries + 1, since_date = $now,
           last_error = coalesce(?, last_error)
         FROM ${rows("x", columns)} WHERE ${laneOf("x")} RETURNING head, send_mark`,
        [loss.lastError ?? null, json(columns, still)],
      );
      const marked = lanes.filter((lane) => Boolean(lane.send_mark)).map(({ head }) => head);
      await endUnknown(tx, marked, loss);
      return { looked: held.length, freed: lanes.length, ended: marked };
    });
    total += freed;
    unknown.push(...ended);
    // By what was looked at: a result may have come first, or another rescuer.
    if (looked < FREED) return { lanes: total, unknown };
  }
}
