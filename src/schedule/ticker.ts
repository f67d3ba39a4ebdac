import { type Job, scheduleJob } from "node-schedule";
import type { Logger } from "pino";
import type { StoredRunDefinition } from "../providers/run-definition.js";

/** A slot older than this when it fires belongs to a pause: it is caught up with at most once. */
const LATE_MS = 1000;

/**
 * Ticks for run definitions. node-schedule tells when, and nothing else: it fires in every
 * process, and after a pause it makes up for the missed slots one by one. Here a tick is taken by
 * one process (the database decides), and of a burst only the last slot counts, since taking a
 * newer fire date makes the older ones void.
 */
export class Ticker {
  readonly #jobs = new Map<string, { job: Job; version: number }>();
  readonly #tick: (definition: string, fireDate: number) => Promise<void>;
  readonly #now: () => number;
  readonly #log: Logger;
  #stopped = false;

  constructor(
    tick: (definition: string, fireDate: number) => Promise<void>,
    now: () => number,
    log: Logger,
  ) {
    this.#tick = tick;
    this.#now = now;
    this.#log = log;
  }

  /** Schedules what is effective, and what has changed anew; nothing after `stop`. */
  define(definitions: readonly StoredRunDefinition[]): void {
    if (this.#stopped) return;
    const wanted = new Map(
      definitions
        .filter((one) => one.lifeCycleState === "EFFECTIVE")
        .map((one) => [one.name, one] as const),
    );
    for (const [name, { job, version }] of this.#jobs) {
      if (wanted.get(name)?.version === version) wanted.delete(name);
      else {
        job.cancel();
        this.#jobs.delete(name);
      }
    }
    for (const definition of wanted.values()) this.#schedule(definition);
  }

  /** Final: a look at the definitions that began before it may end after it. */
  stop(): void {
    this.#stopped = true;
    for (const { job } of this.#jobs.values()) job.cancel();
    this.#jobs.clear();
  }

  #schedule({ name, cron, timeZone, version }: StoredRunDefinition): void {
    const job = scheduleJob(name, { rule: cron, tz: timeZone }, (slot) => {
      const late = this.#now() - slot.getTime();
      // One fire date for the whole burst: the first slot to come takes it, the others find it taken.
      const fireDate = late > LATE_MS ? this.#now() - (this.#now() % LATE_MS) : slot.getTime();
      this.#tick(name, fireDate).catch((error: unknown) => {
        this.#log.warn(
          { err: error, run_definition: name },
          "a tick was lost; the next one counts",
        );
      });
    });
    // node-schedule gives null for a rule that never fires again.
    if (job !== null) this.#jobs.set(name, { job, version });
  }
}
