import type { Logger } from "pino";
import type { CancelTimer, Clock } from "../requests/clock.js";

export interface RepeatOptions {
  readonly everyMs: number;
  readonly task: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Does a task again and again, with a pause between the end of one time and the start of the next.
 * One that fails is logged by its name, with one line for each kind of trouble and not for each
 * time, and one when it is over.
 */
export class Repeat {
  readonly #name: string;
  readonly #options: RepeatOptions;
  #cancelTimer: CancelTimer | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #stopped = false;
  #hurried = false;
  #trouble: string | undefined;

  /** `name` is what the log calls the task. */
  constructor(name: string, options: RepeatOptions) {
    this.#name = name;
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.#arm(this.#options.everyMs);
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
    this.#cancelTimer = this.#options.clock.setTimer(ms, () => {
      this.#running = this.#once();
    });
  }

  async #once(): Promise<void> {
    this.#hurried = false;
    try {
      await this.#options.task();
      this.#worked();
    } catch (error) {
      this.#failed(error);
    }
    this.#running = undefined;
    this.#arm(this.#hurried ? 0 : this.#options.everyMs);
  }

  #worked(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#options.log.info({ task: this.#name }, "a periodic task works again");
  }

  #failed(error: unknown): void {
    const trouble = String(error);
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    const { log } = this.#options;
    log.warn({ err: error, task: this.#name }, "a periodic task failed; it is tried again");
  }
}
