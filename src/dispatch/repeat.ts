import type { Logger } from "pino";
import type { CancelTimer, Clock } from "../requests/clock.js";

/** Does a task again and again, with a pause between the end of one time and the start of the next. */
export class Repeat {
  readonly #task: () => Promise<void>;
  readonly #everyMs: number;
  readonly #clock: Clock;
  readonly #log: Logger;
  #cancelTimer: CancelTimer | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(everyMs: number, task: () => Promise<void>, clock: Clock, log: Logger) {
    this.#everyMs = everyMs;
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#clock.setTimer(this.#everyMs, () => {
      this.#running = this.#once();
    });
  }

  /** Resolves when the task is not running and will not run again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  async #once(): Promise<void> {
    try {
      await this.#task();
    } catch (error) {
      this.#log.warn({ err: error }, "a periodic task failed; it is tried again");
    }
    this.start();
  }
}
