import type { CancelTimer, Clock } from "../../src/requests/clock.js";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #timers = new Set<{ readonly due: number; readonly fire: () => void }>();
  #elapsed = 1_000_000;

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return 1_700_000_000_000 + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimer(ms: number, fire: () => void): CancelTimer {
    const timer = { due: this.#elapsed + ms, fire };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves on, firing in order what falls due on the way. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter((timer) => timer.due <= end)
        .sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#elapsed = Math.max(this.#elapsed, next.due);
      this.#timers.delete(next);
      next.fire();
    }
    this.#elapsed = end;
  }
}
