import type { Reclaimed } from "../dispatch-store.js";
import type { Tx } from "./database.js";
import { claimedHead, type HeadRow, LANE_COLUMNS, selectHeads } from "./head-row.js";
import { holdIncarnation } from "./hold-incarnation.js";

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
       WHERE provider = ? AND given_up = ? AND transaction_number = given_up AND owner IS NULL
       ${tx.dialect.forUpdate}`,
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
  const head = claimedHead(row, row, { sequenceNumber, transactionNumber: transaction });
  return { head, run, executedDate: executedDate ?? undefined };
}
