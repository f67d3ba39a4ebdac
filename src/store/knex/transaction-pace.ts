/** Lines of the largest transaction; a line is an item, or a subscription without any. */
export const MAX_LINES = 1000;
const FIRST_LINES = 100;

/**
 * How many lines go into the next transaction. Where a database has one writer the others wait
 * meanwhile, so the number follows what transactions are measured to take; elsewhere it is fixed.
 */
export class TransactionPace {
  #lines: number;

  /** Without a target, transactions are as large as they may be. */
  constructor(private readonly targetMs: number | undefined) {
    this.#lines = targetMs === undefined ? MAX_LINES : FIRST_LINES;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Learns from a transaction: towards the target, by a factor of two at most. */
  measured(lines: number, ms: number): void {
    if (this.targetMs === undefined) return;
    const fitting = (lines * this.targetMs) / Math.max(ms, 0.1);
    // A small transaction that was fast says nothing of a large one.
    if (fitting > this.#lines && lines < this.#lines / 2) return;
    const bounded = Math.min(Math.max(fitting, this.#lines / 2), this.#lines * 2);
    this.#lines = Math.round(Math.min(Math.max(bounded, 1), MAX_LINES));
  }
}
