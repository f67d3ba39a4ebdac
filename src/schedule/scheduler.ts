import type { Logger } from "pino";
import { Repeat } from "../dispatch/repeat.js";
import type { Clock } from "../requests/clock.js";
import type { RunDefinitionStore } from "../store/run-definition-store.js";
import type { RunBook } from "./run-book.js";
import { Ticker } from "./ticker.js";

/** How soon a changed run definition, or a run, is seen when its notice was lost. */
const REFRESH_MS = 1000;

export interface SchedulerOptions {
  readonly definitions: Pick<RunDefinitionStore, "list">;
  readonly book: Pick<RunBook, "define" | "tick" | "follow">;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the run book and the ticker at what the database defines, and the book at active runs. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #ticker: Ticker;
  readonly #refresh: Repeat;

  constructor(options: SchedulerOptions) {
    const { book, clock, log } = options;
    this.#options = options;
    this.#ticker = new Ticker((name, fireDate) => book.tick(name, fireDate), clock, log);
    const task = () => this.#load();
    this.#refresh = new Repeat("keep runs", { everyMs: REFRESH_MS, task, clock, log });
  }

  /** Loads the definitions; nothing ticks yet. */
  async load(): Promise<void> {
    this.#options.book.define(await this.#options.definitions.list());
  }

  async start(): Promise<void> {
    await this.#load();
    this.#refresh.start();
  }

  /** Looks at the definitions now: they were changed. */
  hurry(): void {
    this.#refresh.hurry();
  }

  /** No tick comes any more. */
  async stop(): Promise<void> {
    this.#ticker.stop();
    await this.#refresh.stop();
  }

  async #load(): Promise<void> {
    const definitions = await this.#options.definitions.list();
    this.#options.book.define(definitions);
    this.#ticker.define(definitions);
    await this.#options.book.follow();
  }
}
