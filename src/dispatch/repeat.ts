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
  #started = false;
  #stopped = false;
  #hurried = false;

  constructor(everyMs: number, task: () => Promise<void>, clock: Clock, log: Logger) {
    this.#everyMs = everyMs;
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#started = true;
    this.#arm(this.#everyMs);
  }

  /** Does the task now; once more after this time, when it is being done. Nothing before `start`. */
  hurry(): void {
    if (!this.#started) return;
    if (this.#running !== undefined) this.#hurried = true;
    else this.#arm(0);
  }

  /** Resolves when the task is not running and will not run again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  #arm(ms: number): void {
    if (this.#stopped) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.setTimer(ms, () => {
      this.#running = this.#once();
    });
  }

  async #once(): Promise<void> {
    this.#hurried = false;
    try {
      await this.#task();
    } catch (error) {
      this.#log.warn({ err: error }, "a periodic task failed; it is tried again");
    }
    this.#running = undefined;
    this.#arm(this.#hurried ? 0 : this.#everyMs);
  }
}
