import { raisePast, transactionOf } from "../../requests/transaction-number.js";
import type { ClaimedHead } from "../dispatch-store.js";
import type { Db } from "./database.js";

/** Gives a claimed head the provider's next number; undefined when the claim no longer stands. */
export async function renumberHead(
  tx: Db,
  incarnation: string,
  head: ClaimedHead,
): Promise<ClaimedHead | undefined> {
  const [dispatch] = await tx.all<{ sequence_number: number }>(
    `UPDATE dispatch SET sequence_number = sequence_number + 1 WHERE provider = ?
     RETURNING sequence_number`,
    [head.provider],
  );
  if (dispatch === undefined) return undefined;
  const sequenceNumber = dispatch.sequence_number;
  const transactionNumber = transactionOf(sequenceNumber);
  const [lane] = await tx.all(
    `UPDATE lanes SET sequence_number = ?, transaction_number = ?, send_mark = false
     WHERE provider = ? AND ca_id = ? AND owner = ? AND claim_number = ? AND head = ?
     RETURNING head`,
    [
      sequenceNumber,
      transactionNumber,
      head.provider,
      head.caId,
      incarnation,
      head.claimNumber,
      head.number,
    ],
  );
  return lane === undefined ? undefined : { ...head, sequenceNumber, transactionNumber };
}

/** Raises a provider's counter past the highest transaction that its CA system remembers. */
export async function raiseSequence(
  tx: Db,
  provider: string,
  lastTransaction: number,
): Promise<void> {
  const [dispatch] = await tx.all<{ sequence_number: number }>(
    `SELECT sequence_number FROM dispatch WHERE provider = ? ${tx.dialect.forUpdate}`,
    [provider],
  );
  if (dispatch === undefined) return;
  const raised = raisePast(dispatch.sequence_number, lastTransaction);
  if (raised > dispatch.sequence_number) {
    await tx.all("UPDATE dispatch SET sequence_number = ? WHERE provider = ?", [raised, provider]);
  }
}
