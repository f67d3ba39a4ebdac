import { type Database, type Db, json, type Tx } from "./database.js";
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

interface LaneKey {
  readonly provider: string;
  readonly ca_id: string;
}

/** Some lanes that may be the owner's; none when there are no more to be found this way. */
type Look = (db: Db, owner: string) => Promise<readonly LaneKey[]>;

const heldSingly: Look = (db, owner) =>
  db.all(`SELECT provider, ca_id FROM lanes WHERE held_by = ? AND owner = ? LIMIT ${FREED}`, [
    owner,
    owner,
  ]);

/** All lanes are gone through, 0.3 s for a million of them. */
const anywhere: Look = (db, owner) =>
  db.all(`SELECT provider, ca_id FROM lanes WHERE owner = ? LIMIT ${FREED}`, [owner]);

/**
 * Frees all lanes of an owner that is fenced: one that claims no more. Freed heads keep their
 * transaction number: they are sent again under it, and count as tried once more, since nobody
 * knows how far the owner came. But an at-most-once command whose send mark is found may have had
 * its effect: it ends as OUTCOME_UNKNOWN.
 */
export async function freeLanesHeldSingly(
  database: Database,
  owner: string,
  loss: Loss,
): Promise<Freed> {
  const freed = new FreedLanes(database, owner, loss);
  await freed.found(heldSingly);
  return freed;
}

/**
 * The same for an owner that claims many at once. Those named by its claims first; then it is seen
 * to it that none is left: whatever wrote those rows, no lane stays with an owner that is gone.
 */
export async function freeLanes(database: Database, owner: string, loss: Loss): Promise<Freed> {
  const freed = new FreedLanes(database, owner, loss);
  await freed.found(heldSingly);
  await freed.claimed();
  await freed.found(anywhere);
  return freed;
}

/** Frees lanes in bounded steps, and counts them. */
class FreedLanes implements Freed {
  lanes = 0;
  readonly unknown: number[] = [];
  readonly #database: Database;
  readonly #owner: string;
  readonly #loss: Loss;

  constructor(database: Database, owner: string, loss: Loss) {
    this.#database = database;
    this.#owner = owner;
    this.#loss = loss;
  }

  async found(look: Look): Promise<void> {
    for (;;) {
      const keys = await look(this.#database.reader, this.#owner);
      if (keys.length === 0) return;
      await this.#count((tx) => this.#free(tx, keys));
    }
  }

  /** A claim at a time, whose row goes with its lanes. */
  async claimed(): Promise<void> {
    for (;;) {
      const [claim] = await this.#database.reader.all<{
        provider: string;
        number: number;
        ca_ids: string;
      }>("SELECT provider, number, ca_ids FROM claims WHERE owner = ? LIMIT 1", [this.#owner]);
      if (claim === undefined) return;
      const { provider, number } = claim;
      const caIds = JSON.parse(claim.ca_ids) as string[];
      const keys = caIds.map((ca_id) => ({ provider, ca_id }));
      await this.#count(async (tx) => {
        const freed = await this.#free(tx, keys);
        tx.run("DELETE FROM claims WHERE provider = ? AND number = ?", [provider, number]);
        return freed;
      });
    }
  }

  async #count(free: (tx: Tx) => Promise<Freed>): Promise<void> {
    const { lanes, unknown } = await this.#database.write("dispatch", free);
    this.lanes += lanes;
    this.unknown.push(...unknown);
  }

  /** Those that are still the owner's: a result may have come first, or another rescuer. */
  async #free(tx: Tx, keys: readonly LaneKey[]): Promise<Freed> {
    const { rows, joinLane, laneOf } = tx.dialect;
    const columns = { provider: "text", ca_id: "text" } as const;
    const still = await tx.all<LaneKey>(
      `SELECT l.provider, l.ca_id FROM ${rows("x", columns)} ${joinLane("wait", "x")}
       WHERE coalesce(l.owner, '') = ?`,
      [json(columns, inKeyOrder(keys)), this.#owner],
    );
    const lanes = await tx.all<{ head: number; send_mark: boolean | number }>(
      `UPDATE lanes SET owner = NULL, held_by = NULL, given_up = lanes.transaction_number,
         tries = tries + 1, since_date = $now, last_error = coalesce(?, last_error)
       FROM ${rows("x", columns)} WHERE ${laneOf("x")} RETURNING head, send_mark`,
      [this.#loss.lastError ?? null, json(columns, still)],
    );
    const marked = lanes.filter((lane) => Boolean(lane.send_mark)).map(({ head }) => head);
    await endUnknown(tx, marked, this.#loss);
    return { lanes: lanes.length, unknown: marked };
  }
}
