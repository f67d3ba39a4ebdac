import type { Logger } from "pino";
import { type Clock, pause } from "../requests/clock.js";
import { Coalescer } from "../store/coalescer.js";
import { isDatabaseDown } from "../store/database-error.js";
import type {
  Applied,
  ClaimedHead,
  DispatchStore,
  HeadResult,
  Succession,
} from "../store/dispatch-store.js";
import { bareResult } from "./bare-result.js";

const MAX_BATCH = 500;
/**
 * Results from which on a second batch is written beside one that is under way. One at a time, lanes
 * that go on are emptied at 0.87 times the rate of lanes that do not; two at a time, at 1.30 times
 * (PostgreSQL, 1,000 cards). From 250 or 334 at most in a batch: 1.21 and 1.28.
 */
const BESIDE_FROM = 100;
const RETRY_MS = 200;
/** One failure in so many is logged: one in a minute. */
const LOGGED_EVERY = 300;
/** How long a result that is refused even without its texts waits at most: doubles from the above. */
const MAX_RETRY_MS = 30_000;

/** A result that is on disk. */
export interface Landed {
  /** When, by the database. */
  readonly date: number;
  /** Nothing waited behind the head: its lane is gone, and there is nothing more to claim of it. */
  readonly laneGone: boolean;
  /** As it was written: without its texts, when the database refused those. */
  readonly result: HeadResult;
  /** The next head of its lane, claimed with it. */
  readonly successor?: ClaimedHead | undefined;
}

/**
 * Asked as so many results of a provider are about to be written: under what their lanes may go on
 * to their next heads, if they may.
 */
export type AskSuccession = (results: number) => Succession | undefined;

interface Item {
  readonly result: HeadResult;
  readonly askSuccession: AskSuccession | undefined;
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
 * in the store makes a repetition harmless.
 *
 * A batch that a working database refuses is halved until the result that it refuses stands alone:
 * one answer of one CA system holds up no other. That result is then written without its texts; and
 * again, alone and ever more rarely, should the database refuse even that.
 *
 * There is no bound on waiting results of its own: each
 * stands for a claimed head, and those are bounded by the in-flight caps.
 */
export class ResultWriter {
  readonly #options: ResultWriterOptions;
  readonly #urgent: Coalescer<Item, Landed | undefined>;
  readonly #others: Coalescer<Item, Landed | undefined>;
  /** Those that were refused. */
  readonly #alone = new Set<Promise<unknown>>();
  readonly #abandoned = new AbortController();

  constructor(options: ResultWriterOptions) {
    this.#options = options;
    const queue = () =>
      new Coalescer<Item, Landed | undefined>({
        maxBatch: MAX_BATCH,
        maxWaiting: Number.POSITIVE_INFINITY,
        overloaded: () => new Error("unreachable: waiting results have no bound"),
        write: (batch) => this.#write(batch),
        isDataFault: isRefusal,
        besideFrom: BESIDE_FROM,
      });
    this.#urgent = queue();
    this.#others = queue();
  }

  /** Resolves when the result is on disk; with undefined when its claim was lost. */
  write(result: HeadResult, askSuccession?: AskSuccession): Promise<Landed | undefined> {
    return this.#submit({ result, askSuccession }).catch((error: unknown) => {
      const written = this.#writeAlone(result, error);
      this.#alone.add(written);
      void written.finally(() => this.#alone.delete(written));
      return written;
    });
  }

  /** Stops retrying: what is not written is found by whoever takes over. */
  abandon(): void {
    this.#abandoned.abort();
  }

  /** Resolves when nothing is on the way to disk. */
  async idle(): Promise<void> {
    // What came to the one while the other was waited for counts as well.
    while (this.#urgent.isBusy || this.#others.isBusy || this.#alone.size > 0) {
      await Promise.all([this.#urgent.idle(), this.#others.idle(), ...this.#alone]);
    }
  }

  #submit(item: Item): Promise<Landed | undefined> {
    return (item.result.head.urgent ? this.#urgent : this.#others).submit(item);
  }

  async #writeAlone(result: HeadResult, refusal: unknown): Promise<Landed | undefined> {
    const { number, provider } = result.head;
    const log = this.#options.log.child({ number, provider });
    log.error(
      { err: refusal },
      "a result was refused; it is written without the CA system's texts",
    );
    const bare = bareResult(result);
    for (let wait = RETRY_MS; !this.#abandoned.signal.aborted; wait *= 2) {
      try {
        return await this.#submit({ result: bare, askSuccession: undefined });
      } catch (error) {
        log.error({ err: error }, "a result without texts was refused; trying again");
        await pause(this.#options.clock, Math.min(wait, MAX_RETRY_MS), this.#abandoned.signal);
      }
    }
    return undefined;
  }

  async #write(batch: readonly Item[]): Promise<(Landed | undefined)[]> {
    const { incarnation, store } = this.#options;
    const landed = new Map<HeadResult, Landed>();
    const writeThese = async <R extends HeadResult>(
      results: readonly R[],
      laneGone: boolean,
      write: (results: readonly R[]) => Promise<Applied>,
    ) => {
      if (results.length === 0) return;
      const { applied, date, successors } = await this.#untilTaken(() => write(results));
      results.forEach((result, i) => {
        const successor = successors?.get(result.head.number);
        if (applied[i] === true) landed.set(result, { date, laneGone, result, successor });
      });
    };
    const all = batch.map(({ result }) => result);
    // Nothing waited behind these when they were claimed, and seldom does now.
    const last = all.filter(isLastOfLane);
    await writeThese(last, true, (results) => store.finishLast(incarnation, results));
    const rest = batch.filter(({ result }) => !landed.has(result));
    await writeThese(
      rest.map(({ result }) => result),
      false,
      (results) => store.apply(incarnation, results, successionsOf(rest)),
    );
    return all.map((result) => landed.get(result));
  }

  async #untilTaken(write: () => Promise<Applied>): Promise<Applied> {
    const { clock, log } = this.#options;
    for (let failures = 0; !this.#abandoned.signal.aborted; failures += 1) {
      try {
        return await write();
      } catch (error) {
        if (isRefusal(error)) throw error;
        if (failures % LOGGED_EVERY === 0) {
          log.error({ err: error }, "results could not be written; retrying");
        }
        await pause(clock, RETRY_MS, this.#abandoned.signal);
      }
    }
    return { applied: [], date: 0 };
  }
}

/** The database works, and does not take this. */
function isRefusal(error: unknown): boolean {
  return !isDatabaseDown(error);
}

function isLastOfLane(result: HeadResult): result is Extract<HeadResult, { kind: "finish" }> {
  return result.kind === "finish" && result.head.depth === 1;
}

/** Each provider is asked once. */
function successionsOf(batch: readonly Item[]): Succession[] {
  const results = new Map<AskSuccession, number>();
  for (const { askSuccession: ask } of batch) {
    if (ask !== undefined) results.set(ask, (results.get(ask) ?? 0) + 1);
  }
  return [...results].flatMap(([ask, count]) => ask(count) ?? []);
}
