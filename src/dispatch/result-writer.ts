import type { Logger } from "pino";
import type { Clock } from "../requests/clock.js";
import { Coalescer } from "../store/coalescer.js";
import type { Applied, DispatchStore, HeadResult } from "../store/dispatch-store.js";

const MAX_BATCH = 500;
const RETRY_MS = 200;

/** A result that is on disk. */
export interface Landed {
  /** When, by the database. */
  readonly date: number;
  /** Nothing waited behind the head: its lane is gone, and there is nothing more to claim of it. */
  readonly laneGone: boolean;
}

export interface ResultWriterOptions {
  readonly incarnation: string;
  readonly store: Pick<DispatchStore, "apply" | "finishLast">;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Writes results in batches, like creates; those of urgent heads in batches of their own, which do
 * not wait for what hundreds of others take. A result is written again until the database takes it:
 * the CA system has answered, and the answer must not be lost while this process lives. The fence
 * in the store makes a repetition harmless. There is no bound on waiting results of its own: each
 * stands for a claimed head, and those are bounded by the in-flight caps.
 */
export class ResultWriter {
  readonly #options: ResultWriterOptions;
  readonly #urgent: Coalescer<HeadResult, Landed | undefined>;
  readonly #others: Coalescer<HeadResult, Landed | undefined>;
  #abandoned = false;

  constructor(options: ResultWriterOptions) {
    this.#options = options;
    const queue = () =>
      new Coalescer<HeadResult, Landed | undefined>({
        maxBatch: MAX_BATCH,
        maxWaiting: Number.POSITIVE_INFINITY,
        overloaded: () => new Error("unreachable: waiting results have no bound"),
        write: (batch) => this.#write(batch),
      });
    this.#urgent = queue();
    this.#others = queue();
  }

  /** Resolves when the result is on disk; with undefined when its claim was lost. */
  write(result: HeadResult): Promise<Landed | undefined> {
    return (result.head.urgent ? this.#urgent : this.#others).submit(result);
  }

  /** Stops retrying: what is not written is found by whoever takes over. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Resolves when nothing is on the way to disk. */
  async idle(): Promise<void> {
    // What came to the one while the other was waited for counts as well.
    while (this.#urgent.isBusy || this.#others.isBusy) {
      await Promise.all([this.#urgent.idle(), this.#others.idle()]);
    }
  }

  async #write(batch: readonly HeadResult[]): Promise<(Landed | undefined)[]> {
    const { incarnation, store } = this.#options;
    const landed = new Map<HeadResult, Landed>();
    const writeThese = async <R extends HeadResult>(
      results: readonly R[],
      laneGone: boolean,
      write: (results: readonly R[]) => Promise<Applied>,
    ) => {
      if (results.length === 0) return;
      const { applied, date } = await this.#untilTaken(() => write(results));
      results.forEach((result, i) => {
        if (applied[i] === true) landed.set(result, { date, laneGone });
      });
    };
    // Nothing waited behind these when they were claimed, and seldom does now.
    const last = batch.filter(isLastOfLane);
    await writeThese(last, true, (results) => store.finishLast(incarnation, results));
    const rest = batch.filter((result) => !landed.has(result));
    await writeThese(rest, false, (results) => store.apply(incarnation, results));
    return batch.map((result) => landed.get(result));
  }

  async #untilTaken(write: () => Promise<Applied>): Promise<Applied> {
    const { clock, log } = this.#options;
    for (let failures = 0; !this.#abandoned; failures += 1) {
      try {
        return await write();
      } catch (error) {
        if (failures === 0) log.error({ err: error }, "results could not be written; retrying");
        await new Promise<void>((resolve) => {
          clock.setTimer(RETRY_MS, resolve);
        });
      }
    }
    return { applied: [], date: 0 };
  }
}

function isLastOfLane(result: HeadResult): result is Extract<HeadResult, { kind: "finish" }> {
  return result.kind === "finish" && result.head.depth === 1;
}
