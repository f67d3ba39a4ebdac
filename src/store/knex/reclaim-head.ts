import type { ClaimedHead } from "../dispatch-store.js";
import { type Db, json } from "./database.js";
import { holdIncarnation } from "./hold-incarnation.js";
import { type ClaimedLane, readHeads } from "./read-heads.js";

/** Claims the free lane whose head was sent under this transaction number, for its late answer. */
export async function reclaimHead(
  tx: Db,
  incarnation: string,
  provider: string,
  transaction: number,
): Promise<ClaimedHead | undefined> {
  if (!(await holdIncarnation(tx, incarnation))) return undefined;
  const lanes = await tx.all<ClaimedLane>(
    `UPDATE lanes SET owner = ?, claim_number = claim_number + 1
     WHERE provider = ? AND transaction_number = ? AND owner IS NULL
     RETURNING provider, ca_id, head AS number, claim_number, sequence_number,
       transaction_number, attempts, tries, lane_rank, order_date`,
    [incarnation, provider, transaction],
  );
  return (await readHeads(tx, lanes))[0];
}

/** Frees what a process owns at a provider without knowing: claims whose commit went unanswered. */
export async function releaseStrays(
  tx: Db,
  incarnation: string,
  provider: string,
  keep: readonly string[],
): Promise<void> {
  await tx.all(
    `UPDATE lanes SET owner = NULL, since_date = $now
     WHERE owner = ? AND provider = ? AND ca_id NOT IN
       (SELECT x.ca_id FROM ${tx.dialect.rows("x", { ca_id: "text" })})`,
    [incarnation, provider, json(keep.map((ca_id) => ({ ca_id })))],
  );
}
