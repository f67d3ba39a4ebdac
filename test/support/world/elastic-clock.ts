import { type CancelTimer, type Clock, systemClock } from "../../../src/requests/clock.js";

interface Timer {
  readonly due: number;
  readonly fire: () => void;
  cancel: CancelTimer;
}

/**
 * The machine's clock, which a test can set forward: timers that fall due by it fire at once. Or back:
 * only what it says changes, not how long anything takes.
 */
export class ElasticClock implements Clock {
  readonly #timers = new Set<Timer>();
  #skipped = 0;
  #back = 0;

  now(): number {
    return Math.floor(systemClock.now() + this.#skipped - this.#back);
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skipped;
  }

  setTimer(ms: number, fire: () => void): CancelTimer {
    const timer: Timer = { due: this.monotonic() + ms, fire, cancel: () => undefined };
    timer.cancel = systemClock.setTimer(ms, () => this.#run(timer));
    this.#timers.add(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  skip(ms: number): void {
    this.#skipped += ms;
    const due = [...this.#timers].filter((timer) => timer.due <= this.monotonic());
    for (const timer of due.sort((a, b) => a.due - b.due)) this.#run(timer);
  }

  setBack(ms: number): void {
    this.#back += ms;
  }

  #run(timer: Timer): void {
    timer.cancel();
    if (this.#timers.delete(timer)) timer.fire();
  }
}
