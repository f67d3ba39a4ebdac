import type { Outcome } from "../requests/outcome.js";

/** So many "busy" and nothing else make a provider pause. */
const STREAK = 10;

/** Counts answers that say "later", one after another. */
export class BusyStreak {
  #length = 0;

  /** How long the provider is to pause, in milliseconds, when this outcome completes a streak. */
  count(outcome: Outcome): number | undefined {
    if (outcome.kind !== "busy") {
      this.#length = 0;
      return undefined;
    }
    this.#length += 1;
    if (this.#length < STREAK) return undefined;
    this.#length = 0;
    return outcome.retryAfterMs;
  }
}
