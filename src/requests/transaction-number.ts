/** Transaction numbers run from 1 to this, then from 1 again. */
export const TRANSACTIONS = 2 ** 32 - 1;

/** The transaction number that goes with a sequence number (which counts from 1). */
export function transactionOf(sequenceNumber: number): number {
  return 1 + ((sequenceNumber - 1) % TRANSACTIONS);
}

/**
 * The sequence counter after a CA system reported the highest transaction that it remembers: the
 * counter itself when that one lies behind, in serial-number order (half of the circle counts as
 * ahead); else raised so that the next number is past it. 0 says that it remembers none.
 */
export function raisePast(sequenceNumber: number, lastTransaction: number): number {
  if (lastTransaction === 0) return sequenceNumber;
  const current = sequenceNumber === 0 ? 0 : transactionOf(sequenceNumber);
  const ahead = (lastTransaction - current + TRANSACTIONS) % TRANSACTIONS;
  return ahead < TRANSACTIONS / 2 ? sequenceNumber + ahead : sequenceNumber;
}
