/**
 * Claims of many heads, by their numbers, whose rows in the database name the lanes of heads that
 * are in hand.
 *
 *   none ──taken──▶ open ──its last head has gone──▶ ended ──the database has forgotten it──▶ none
 *
 * A claim whose taking is not known here is never ended here; when its lanes are freed as strays, or
 * with all that a process leaves behind, its row goes too.
 */
export class OpenClaims {
  /** Heads still in hand, by claim. */
  readonly #open = new Map<number, number>();
  readonly #ended = new Set<number>();

  /** Claims that have no head in hand any more, and are not forgotten yet. */
  get ended(): readonly number[] {
    return [...this.#ended];
  }

  taken(claim: number, heads: number): void {
    this.#open.set(claim, heads);
  }

  /** One of its heads has gone. */
  gone(claim: number): void {
    const left = (this.#open.get(claim) ?? 0) - 1;
    if (left > 0) {
      this.#open.set(claim, left);
      return;
    }
    this.#open.delete(claim);
    this.#ended.add(claim);
  }

  forgotten(claims: readonly number[]): void {
    for (const claim of claims) this.#ended.delete(claim);
  }
}
