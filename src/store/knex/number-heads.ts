import { transactionOf } from "../../requests/transaction-number.js";
import type { ClaimedHead } from "../dispatch-store.js";
import { byUrgency, claimedHead, type HeadRow } from "./head-row.js";

/**
 * Gives chosen heads their sequence and transaction numbers, the most urgent first: those that were
 * claimed before keep theirs. `sequence` is the provider's highest, before and after.
 */
export function numberHeads(
  chosen: readonly HeadRow[],
  sequence: number,
): { readonly heads: ClaimedHead[]; readonly sequence: number } {
  let last = sequence;
  // A head that was elected after the snapshot of its statement is left for the next claim.
  const seen = chosen.filter(({ id }) => id !== null);
  const heads = seen.sort(byUrgency).map((row) => {
    const sequenceNumber = row.sequence_number ?? ++last;
    const transactionNumber = row.transaction_number ?? transactionOf(sequenceNumber);
    return claimedHead(row, row, { sequenceNumber, transactionNumber });
  });
  return { heads, sequence: last };
}
