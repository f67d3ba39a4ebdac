import type { CancelTimer, Clock } from "../../../requests/clock.js";

/**
 * One timer for a due time that keeps moving away, such as "30 s after the last byte": moving it
 * costs nothing, because the timer looks at the due time only when it fires and sleeps on if that
 * lies ahead. The due time must never come nearer while the timer runs.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #dueAt: () => number | undefined;
  readonly #fire: () => void;
  #cancel: CancelTimer | undefined;

  /** `dueAt` is monotonic time, undefined while nothing is due; `fire` is called when it is past. */
  constructor(clock: Clock, dueAt: () => number | undefined, fire: () => void) {
    this.#clock = clock;
    this.#dueAt = dueAt;
    this.#fire = fire;
  }

  /** Starts watching until nothing is due any more or it fires; harmless while it watches. */
  watch(): void {
    if (this.#cancel !== undefined) return;
    const due = this.#dueAt();
    if (due === undefined) return;
    const wait = Math.max(due - this.#clock.monotonic(), 0);
    this.#cancel = this.#clock.setTimer(wait, () => this.#wake());
  }

  /** Stops watching. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wake(): void {
    this.#cancel = undefined;
    const due = this.#dueAt();
    if (due === undefined) return;
    if (due > this.#clock.monotonic()) this.watch();
    else this.#fire();
  }
}
