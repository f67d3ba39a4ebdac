import { type Job, scheduleJob } from "node-schedule";
import type { Logger } from "pino";
import type { StoredRunDefinition } from "../providers/run-definition.js";
import type { Clock } from "../requests/clock.js";

/** A slot older than this when it fires belongs to a pause: it is caught up with at most once. */
const LATE_MS = 1000;
/** A wall clock that goes back by more than this has been set. */
const SET_BACK_MS = 1000;

/**
 * Ticks for run definitions. node-schedule tells when, and nothing else: it fires in every
 * process, and after a pause it makes up for the missed slots one by one. Here a tick is taken by
 * one process (the database decides), and of a burst only the last slot counts, since taking a
 * newer fire date makes the older ones void. Its jobs hold the date of the next slot, which lies
 * far ahead once the wall clock was set back: then they are made anew.
 */
export class Ticker {
  readonly #jobs = new Map<string, { job: Job; version: number }>();
  readonly #tick: (definition: string, fireDate: number) => Promise<void>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** How far the wall clock was ahead of the monotonic one, at most, since jobs were last made anew. */
  #ahead = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(
    tick: (definition: string, fireDate: number) => Promise<void>,
    clock: Clock,
    log: Logger,
  ) {
    this.#tick = tick;
    this.#clock = clock;
    this.#log = log;
  }

  /** Schedules what is effective, and what has changed anew; nothing after `stop`. To be called often. */
  define(definitions: readonly StoredRunDefinition[]): void {
    if (this.#stopped) return;
    if (this.#wasSetBack()) this.#cancelAll();
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
    this.#cancelAll();
  }

  #wasSetBack(): boolean {
    const ahead = this.#clock.now() - this.#clock.monotonic();
    const setBack = ahead < this.#ahead - SET_BACK_MS;
    this.#ahead = setBack ? ahead : Math.max(this.#ahead, ahead);
    return setBack;
  }

  #cancelAll(): void {
    for (const { job } of this.#jobs.values()) job.cancel();
    this.#jobs.clear();
  }

  #schedule({ name, cron, timeZone, version }: StoredRunDefinition): void {
    const job = scheduleJob(name, { rule: cron, tz: timeZone }, (slot) => {
      const now = this.#clock.now();
      const late = now - slot.getTime();
      // One fire date for the whole burst: the first slot to come takes it, the others find it taken.
      const fireDate = late > LATE_MS ? now - (now % LATE_MS) : slot.getTime();
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
