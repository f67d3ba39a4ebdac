import { type Job, scheduleJob } from "node-schedule";
import type { Logger } from "pino";
import type { StoredRunDefinition } from "../providers/run-definition.js";
import type { Clock } from "../requests/clock.js";

/** A slot older than this when it fires belongs to a pause: it is caught up with at most once. */
const LATE_MS = 1000;
/** A wall clock that leaves the monotonic one by more than this was set, or the machine slept. */
const SET_MS = 1000;

/**
 * Ticks for run definitions. node-schedule tells when, and nothing else: it fires in every
 * process, and after a pause it makes up for the missed slots one by one. Here a tick is taken by
 * one process (the database decides), and of a burst only the last slot counts, since taking a
 * newer fire date makes the older ones void. Its jobs wait for the next slot as long as it was away
 * when they were made. Once the wall clock was set, or the machine has slept, that is no longer how
 * far it is: then they are made anew, and those whose slot has gone by tick at once.
 */
export class Ticker {
  readonly #jobs = new Map<string, { job: Job; version: number }>();
  readonly #tick: (definition: string, fireDate: number) => Promise<void>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** How far the wall clock was ahead of the monotonic one when jobs were last made anew. */
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
    if (this.#wasSet()) {
      this.#catchUp();
      this.#cancelAll();
    }
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

  #wasSet(): boolean {
    const ahead = this.#clock.now() - this.#clock.monotonic();
    if (Math.abs(ahead - this.#ahead) <= SET_MS) return false;
    this.#ahead = ahead;
    return true;
  }

  #catchUp(): void {
    for (const [name, { job }] of this.#jobs) {
      const slot = job.nextInvocation()?.getTime();
      if (slot !== undefined && slot <= this.#clock.now()) this.#fire(name, slot);
    }
  }

  #cancelAll(): void {
    for (const { job } of this.#jobs.values()) job.cancel();
    this.#jobs.clear();
  }

  #schedule({ name, cron, timeZone, version }: StoredRunDefinition): void {
    const job = scheduleJob(name, { rule: cron, tz: timeZone }, (slot) =>
      this.#fire(name, slot.getTime()),
    );
    // node-schedule gives null for a rule that never fires again.
    if (job !== null) this.#jobs.set(name, { job, version });
  }

  #fire(name: string, slot: number): void {
    const now = this.#clock.now();
    // One fire date for the whole burst: the first slot to come takes it, the others find it taken.
    const fireDate = now - slot > LATE_MS ? now - (now % LATE_MS) : slot;
    this.#tick(name, fireDate).catch((error: unknown) => {
      this.#log.warn({ err: error, run_definition: name }, "a tick was lost; the next one counts");
    });
  }
}
