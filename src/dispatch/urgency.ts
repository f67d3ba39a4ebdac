import type { Clock } from "../requests/clock.js";
import type { ClaimedHead } from "../store/dispatch-store.js";

/**
 * Heads in one claim at most while urgent requests come: an EXPRESS request waits for four claims.
 * Median to its effect, and what drains beside, on SQLite and PostgreSQL, two cores: with 500 heads
 * 106 and 135 ms beside 9,600 and 6,700/s; with 100, 54 and 86 ms beside 6,200 and 4,600/s; with 50,
 * 43 and 64 ms beside 4,400 and 3,100/s.
 */
const SMALL_CLAIM = 100;
/** How long after an urgent head more of them are expected. */
const LASTS_MS = 1000;

/**
 * Whether urgent requests come among others just now. They wait for the claim that is under way
 * when they come, and for the one that takes them: while they come, claims are small.
 */
export class Urgency {
  readonly #clock: Clock;
  #end = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** More of them are expected. */
  get expected(): boolean {
    return this.#clock.monotonic() < this.#end;
  }

  /** How many heads a claim may take that has room for `limit`. */
  bound(limit: number): number {
    return this.expected ? Math.min(limit, SMALL_CLAIM) : limit;
  }

  /** Takes note of what a claim has found. Where half of it is urgent, nothing is. */
  found(heads: readonly ClaimedHead[]): void {
    const urgent = heads.filter((head) => head.urgent).length;
    if (urgent > 0 && urgent < heads.length / 2) this.expectMore();
  }

  /** An urgent request has come. */
  expectMore(): void {
    this.#end = this.#clock.monotonic() + LASTS_MS;
  }
}
