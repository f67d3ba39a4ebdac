import type { Clock } from "../requests/clock.js";

const PERIOD_MS = 500;

/** How many answers a second a provider gives, measured over the last half second or so. */
export class AnswerRate {
  readonly #clock: Clock;
  #start: number;
  #count = 0;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = clock.monotonic();
  }

  count(): void {
    this.#roll();
    this.#count += 1;
  }

  perSecond(): number {
    this.#roll();
    return this.#last;
  }

  #roll(): void {
    const elapsed = this.#clock.monotonic() - this.#start;
    if (elapsed < PERIOD_MS) return;
    this.#last = (this.#count * 1000) / elapsed;
    this.#count = 0;
    this.#start += elapsed;
  }
}
