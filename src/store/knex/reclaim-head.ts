import type { Reclaimed } from "../dispatch-store.js";
import { claimedLanes, forgetEmptyClaims } from "./claims.js";
import { json, type Tx } from "./database.js";
import { claimedHead, type HeadRow, LANE_COLUMNS, selectHeads } from "./head-row.js";
import { holdIncarnation } from "./hold-incarnation.js";
import { inKeyOrder } from "./key-order.js";

interface SentRow extends HeadRow {
  readonly process_name: string | null;
  readonly process_id: string | null;
  readonly executed_date: number | null;
}

/**
 * Claims the free lane whose head was sent under this transaction number, for its late answer. The
 * run that sent it, active or not, has put it back; it counts there once more, as in any claim.
 */
export async function reclaimHead(
  tx: Tx,
  incarnation: string,
  provider: string,
  transaction: number,
): Promise<Reclaimed | undefined> {
  if (!(await holdIncarnation(tx, incarnation))) return undefined;
  const [row] = await tx.all<SentRow>(
    selectHeads(
      `SELECT ${LANE_COLUMNS}, process_name, process_id, executed_date FROM lanes
       WHERE provider = ? AND given_up = ? AND transaction_number = given_up AND owner IS NULL ${tx.dialect.forUpdate}`,
      tx.dialect,
    ),
    [provider, transaction],
  );
  const { sequence_number: sequenceNumber } = row ?? {};
  if (row === undefined || row.id === null || typeof sequenceNumber !== "number") return undefined;
  tx.run(
    `UPDATE lanes SET owner = ?, held_by = ?, claim_number = claim_number + 1
     WHERE provider = ? AND ca_id = ?`,
    [incarnation, incarnation, provider, row.ca_id],
  );
  const { process_name: definition, process_id: id, executed_date: executedDate } = row;
  const run = definition === null || id === null ? undefined : { id, definition };
  if (run !== undefined) {
    tx.run("UPDATE runs SET selected = selected + 1 WHERE id = ?", [run.id]);
  }
  const head = claimedHead(row, { sequenceNumber, transactionNumber: transaction });
  return { head, run, executedDate: executedDate ?? undefined };
}

/** Frees what a process owns at a provider without knowing: claims whose commit went unanswered. */
export async function releaseStrays(
  tx: Tx,
  incarnation: string,
  provider: string,
  keep: readonly string[],
): Promise<void> {
  const owned = await tx.all<{ ca_id: string }>(
    `SELECT l.ca_id FROM lanes l WHERE l.held_by = ? AND l.owner = ? AND l.provider || '' = ?
     UNION
     SELECT l.ca_id FROM ${claimedLanes(tx.dialect, "n.provider = ? AND n.owner = ?")}`,
    [incarnation, incarnation, provider, provider, incarnation],
  );
  const kept = new Set(keep);
  const strays = owned.filter(({ ca_id }) => !kept.has(ca_id));
  if (strays.length > 0) {
    const { rows, joinLane, laneOf } = tx.dialect;
    const columns = { provider: "text", ca_id: "text" } as const;
    const still = await tx.all<{ provider: string; ca_id: string }>(
      `SELECT l.provider, l.ca_id FROM ${rows("x", columns)} ${joinLane("wait", "x")}
       WHERE coalesce(l.owner, '') = ?`,
      [json(columns, inKeyOrder(strays.map(({ ca_id }) => ({ provider, ca_id })))), incarnation],
    );
    tx.run(
      `UPDATE lanes SET owner = NULL, held_by = NULL, given_up = lanes.transaction_number,
         since_date = $now
       FROM ${rows("x", columns)} WHERE ${laneOf("x")}`,
      [json(columns, still)],
    );
  }
  forgetEmptyClaims(tx, incarnation, provider);
}
