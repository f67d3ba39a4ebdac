import type { CancelTimer, Clock } from "../../../requests/clock.js";

/** Runs what it is given in order, with a least time between one and the next. */
export class Pace {
  readonly #clock: Clock;
  readonly #minGapMs: number;
  #waiting: (() => void)[] = [];
  #notBefore = Number.NEGATIVE_INFINITY;
  #cancelTimer: CancelTimer | undefined;

  constructor(clock: Clock, minGapMs: number) {
    this.#clock = clock;
    this.#minGapMs = minGapMs;
  }

  run(task: () => void): void {
    if (this.#minGapMs === 0) {
      task();
      return;
    }
    this.#waiting.push(task);
    this.#next();
  }

  /** Forgets what waits. */
  stop(): void {
    this.#waiting = [];
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#cancelTimer === undefined) {
      const now = this.#clock.monotonic();
      if (now < this.#notBefore) {
        this.#cancelTimer = this.#clock.setTimer(this.#notBefore - now, () => {
          this.#cancelTimer = undefined;
          this.#next();
        });
        return;
      }
      this.#notBefore = now + this.#minGapMs;
      this.#waiting.shift()?.();
    }
  }
}
