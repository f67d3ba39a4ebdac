import { forgetClaims, GIVE_UP } from "./claims.js";
import { type Database, type Db, json, type Tx } from "./database.js";
import { endUnknown } from "./end-requests.js";
import { LANE_KEY, type LaneKey } from "./lane-key.js";
import { lockOwned } from "./lock-lanes.js";

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

/** Lanes that may be the owner's, and the claim that names them, if one does. */
interface Found {
  readonly lanes: readonly LaneKey[];
  readonly claim?: { readonly provider: string; readonly number: number };
}

/** Some of them; undefined when none are left to be found this way. */
type Find = (db: Db, owner: string) => Promise<Found | undefined>;

const findHeld: Find = async (db, owner) =>
  some(
    await db.all(
      `SELECT provider, ca_id FROM lanes WHERE held_by = ? AND owner = ? LIMIT ${FREED}`,
      [owner, owner],
    ),
  );

const findClaimed: Find = async (db, owner) => {
  const [claim] = await db.all<{ provider: string; number: number; ca_ids: string }>(
    "SELECT provider, number, ca_ids FROM claims WHERE owner = ? LIMIT 1",
    [owner],
  );
  if (claim === undefined) return undefined;
  const { provider, number } = claim;
  const caIds = JSON.parse(claim.ca_ids) as string[];
  return { lanes: caIds.map((ca_id) => ({ provider, ca_id })), claim: { provider, number } };
};

/** Goes through all lanes. */
const findAnywhere: Find = async (db, owner) =>
  some(await db.all(`SELECT provider, ca_id FROM lanes WHERE owner = ? LIMIT ${FREED}`, [owner]));

function some(lanes: readonly LaneKey[]): Found | undefined {
  return lanes.length === 0 ? undefined : { lanes };
}

/**
 * Frees the lanes of an owner that is fenced: one that claims no more. Freed heads keep their
 * transaction number: they are sent again under it, and count as tried once more, since nobody
 * knows how far the owner came. But an at-most-once command whose send mark is found may have had
 * its effect: it ends as OUTCOME_UNKNOWN.
 */
export async function freeLanes(database: Database, owner: string, loss: Loss): Promise<Freed> {
  const held = await freeAll(database, owner, loss, findHeld);
  const claimed = await freeAll(database, owner, loss, findClaimed);
  return {
    lanes: held.lanes + claimed.lanes,
    unknown: [...held.unknown, ...claimed.unknown],
  };
}

/** The same for any that are left, whatever should have named them: no lane stays with an owner that is gone. */
export function freeUnnamedLanes(database: Database, owner: string, loss: Loss): Promise<Freed> {
  return freeAll(database, owner, loss, findAnywhere);
}

async function freeAll(database: Database, owner: string, loss: Loss, find: Find): Promise<Freed> {
  let total = 0;
  const unknown: number[] = [];
  for (;;) {
    const found = await find(database.reader, owner);
    if (found === undefined) return { lanes: total, unknown };
    const freed = await database.write("dispatch", (tx) => free(tx, owner, loss, found));
    total += freed.lanes;
    unknown.push(...freed.unknown);
  }
}

/** Those that are still the owner's: a result may have come first, or another rescuer. */
async function free(tx: Tx, owner: string, loss: Loss, { lanes, claim }: Found): Promise<Freed> {
  const { rows, laneOf } = tx.dialect;
  const still = await lockOwned(tx, owner, lanes);
  const freed = await tx.all<{ head: number; send_mark: boolean | number }>(
    `UPDATE lanes SET ${GIVE_UP}, tries = tries + 1, since_date = $now,
       last_error = coalesce(?, last_error)
     FROM ${rows("x", LANE_KEY)} WHERE ${laneOf("x")} RETURNING head, send_mark`,
    [loss.lastError ?? null, json(LANE_KEY, still)],
  );
  const unknown = freed.filter((lane) => Boolean(lane.send_mark)).map(({ head }) => head);
  await endUnknown(tx, unknown, loss);
  if (claim !== undefined) forgetClaims(tx, owner, claim.provider, [claim.number]);
  return { lanes: freed.length, unknown };
}
