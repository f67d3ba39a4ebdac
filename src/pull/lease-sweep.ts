import type { Logger } from "pino";
import { Repeat } from "../dispatch/repeat.js";
import type { Settlements } from "../dispatch/settlements.js";
import type { Clock } from "../requests/clock.js";
import type { PullStore } from "../store/pull-store.js";

/** How late the end of a lease may be noticed. */
const EVERY_MS = 1000;

export interface LeaseSweepOptions {
  readonly store: Pick<PullStore, "endLeases">;
  readonly settlements: Settlements;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Ends the leases that have run out, in every instance: each is as good as another at it. */
export class LeaseSweep {
  readonly #options: LeaseSweepOptions;
  readonly #repeat: Repeat;

  constructor(options: LeaseSweepOptions) {
    this.#options = options;
    const { clock, log } = options;
    const task = () => this.#sweep();
    this.#repeat = new Repeat("end leases", { everyMs: EVERY_MS, task, clock, log });
  }

  start(): void {
    this.#repeat.start();
  }

  stop(): Promise<void> {
    return this.#repeat.stop();
  }

  async #sweep(): Promise<void> {
    const { store, settlements, log } = this.#options;
    const { leases, lanes, unknown } = await store.endLeases();
    for (const number of unknown) settlements.finished(number);
    if (lanes > 0 || unknown.length > 0) {
      log.warn({ leases, lanes, unknown }, "leases ended without all answers");
    }
  }
}
