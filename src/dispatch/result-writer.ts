import type { Logger } from "pino";
import type { Clock } from "../requests/clock.js";
import { Coalescer } from "../store/coalescer.js";
import type { DispatchStore, HeadResult } from "../store/dispatch-store.js";

const MAX_BATCH = 500;
const RETRY_MS = 200;

/**
 * Writes results in batches, like creates. A result is written again until the database takes it:
 * the CA system has answered, and the answer must not be lost while this process lives. The fence
 * in the store makes a repetition harmless. There is no bound on waiting results of its own: each
 * stands for a claimed head, and those are bounded by the in-flight caps.
 */
export class ResultWriter {
  readonly #coalescer: Coalescer<HeadResult, number | undefined>;
  #abandoned = false;

  constructor(incarnation: string, store: DispatchStore, clock: Clock, log: Logger) {
    const pause = () =>
      new Promise<void>((resolve) => {
        clock.setTimer(RETRY_MS, resolve);
      });
    this.#coalescer = new Coalescer({
      maxBatch: MAX_BATCH,
      maxWaiting: Number.POSITIVE_INFINITY,
      overloaded: () => new Error("unreachable: waiting results have no bound"),
      write: async (batch) => {
        for (let failures = 0; !this.#abandoned; failures += 1) {
          try {
            const { applied, date } = await store.apply(incarnation, batch);
            return applied.map((standing) => (standing ? date : undefined));
          } catch (error) {
            if (failures === 0) log.error({ err: error }, "results could not be written; retrying");
            await pause();
          }
        }
        return batch.map(() => undefined);
      },
    });
  }

  /** Resolves with its date when the result is on disk; with undefined when its claim was lost. */
  write(result: HeadResult): Promise<number | undefined> {
    return this.#coalescer.submit(result);
  }

  /** Stops retrying: what is not written is found by whoever takes over. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Resolves when nothing is on the way to disk. */
  idle(): Promise<void> {
    return this.#coalescer.idle();
  }
}
