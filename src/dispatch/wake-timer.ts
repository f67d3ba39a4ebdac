import type { CancelTimer, Clock } from "../requests/clock.js";

/** Long waits are taken in steps, so that a wall clock that was set forward is noticed. */
const LONGEST_MS = 60_000;

/** One timer that fires at the soonest of the times asked for. */
export class WakeTimer {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #cancelTimer: CancelTimer | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Fires in `ms` milliseconds, or sooner if that was asked for. */
  in(ms: number): void {
    const wait = Math.min(Math.max(1, ms), LONGEST_MS);
    const at = this.#clock.monotonic() + wait;
    if (at >= this.#at) return;
    this.cancel();
    this.#at = at;
    this.#cancelTimer = this.#clock.setTimer(wait, () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#fire();
    });
  }

  cancel(): void {
    this.#cancelTimer?.();
    this.#at = Number.POSITIVE_INFINITY;
  }
}
