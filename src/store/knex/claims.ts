import type { ClaimedHead } from "../dispatch-store.js";
import type { Db, Tx } from "./database.js";
import type { Dialect } from "./dialect.js";

/**
 * How the lanes of an owner are found. `lanes.owner` has no index: a claim would write it for each
 * lane, and each page that the lane's new version leaves for another would cost all of its indexes.
 *
 *   claimed many at once ──▶ one row of `claims` names them; `held_by` stays empty
 *   claimed one by one, or by a pull lease ──▶ `held_by` is the owner, and has an index
 *   finished, put back or freed ──▶ `held_by` is empty; the row of `claims` is the owner's to delete,
 *     once it has none of its lanes in hand
 *
 * So both may name lanes that have another owner by now, or none: `owner` alone tells.
 */

/**
 * From so many heads on a claim has a row that names them. For fewer, the row and its deletion cost as
 * much as an index.
 */
export const MANY = 20;

/** What an UPDATE sets of lanes that go back with their heads, which late answers may still find. */
export const GIVE_UP = "owner = NULL, held_by = NULL, given_up = lanes.transaction_number";

/** Names lanes that an owner claims together, in the transaction that marks them. */
export function noteClaim(
  tx: Tx,
  owner: string,
  provider: string,
  number: number,
  heads: readonly ClaimedHead[],
): void {
  tx.run("INSERT INTO claims (provider, number, owner, ca_ids) VALUES (?, ?, ?, ?)", [
    provider,
    number,
    owner,
    JSON.stringify(heads.map(({ caId }) => caId)),
  ]);
}

/** Deletes the rows of claims of which the owner has nothing in hand any more. */
export function forgetClaims(
  tx: Tx,
  owner: string,
  provider: string,
  numbers: readonly number[],
): void {
  if (numbers.length === 0) return;
  tx.run(
    `DELETE FROM claims WHERE provider = ? AND ${tx.dialect.isOneOf("number")} AND owner = ?`,
    [provider, tx.dialect.numbers(numbers), owner],
  );
}

/** The same for those of which the database has nothing left. */
export function forgetEmptyClaims(tx: Tx, owner: string, provider: string): void {
  const named = claimedLanes(
    tx.dialect,
    "n.provider = claims.provider AND n.number = claims.number",
  );
  tx.run(
    `DELETE FROM claims WHERE provider = ? AND owner = ? AND NOT EXISTS (SELECT 1 FROM ${named})`,
    [provider, owner],
  );
}

/**
 * A FROM item `l` with the lanes that claims `n`, of which the condition is true, own; a lane may be
 * named by several. By key for each.
 */
export function claimedLanes(dialect: Dialect, condition: string): string {
  return `(SELECT l.provider, l.ca_id, l.process_id
    FROM (SELECT n.owner, n.provider, t.value AS ca_id
      FROM claims n CROSS JOIN ${dialect.texts("n.ca_ids", "t")} WHERE ${condition}) AS named
    ${dialect.joinLane("none", "named")}
    WHERE l.owner = named.owner AND l.held_by IS NULL) AS l`;
}

/** Heads that other instances hold for the provider; none where there is only one. */
export async function ownedByOthers(
  tx: Db,
  provider: string,
  incarnation: string,
): Promise<number> {
  if (!tx.dialect.capabilities.manyInstances) return 0;
  return countOwned(tx, provider, incarnation);
}

/** Heads that instances hold for the provider, but for one of them if it is given. */
export async function countOwned(db: Db, provider: string, butFor = ""): Promise<number> {
  // One by one held ones by owner: counted over all lanes of the provider it took 10 ms at 50,000
  // waiting cards. The empty text keeps the planner from doing that after all.
  const [owned] = await db.all<{ heads: number }>(
    `SELECT CAST(
       (SELECT coalesce(sum((SELECT count(*) FROM lanes l WHERE l.held_by = i.id
           AND l.owner = i.id AND l.provider || '' = ?)), 0) FROM incarnations i WHERE i.id <> ?)
       + (SELECT count(DISTINCT l.ca_id)
          FROM ${claimedLanes(db.dialect, "n.provider = ? AND n.owner <> ?")})
       AS bigint) AS heads`,
    [provider, butFor, provider, butFor],
  );
  return owned?.heads ?? 0;
}
