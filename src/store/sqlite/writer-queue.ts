import { WRITE_CLASSES, type WriteClass } from "../knex/database.js";

/**
 * After how many turns of others a class that waits goes first whatever its place: its guaranteed
 * share. With all classes busy, imports get one turn in sixteen, creates of either kind one in six,
 * and results and claims three in ten.
 */
const PATIENCE: Readonly<Record<WriteClass, number>> = {
  immediate: 0,
  dispatch: 2,
  create: 4,
  bulk: 5,
  import: 15,
};

/**
 * How long the caller of a finished transaction may be left untold. A BEGIN takes a tenth of a
 * millisecond, unless another process writes to the file: that may last for seconds.
 */
const UNTOLD_MS = 5;

/** A transaction. May call `begun` once its BEGIN is carried out, or has failed. */
export type WriterWork<T> = (begun: () => void) => Promise<T>;

interface Job {
  /** Resolves, when it is over, with what tells its caller so. */
  run(begun: () => void): Promise<() => void>;
}

/**
 * Gives the one writer connection to one transaction at a time: in the order of the write classes,
 * first come first served within a class, and no class starves.
 *
 * The next one begins before the caller of the last is told: what that goes on to do, such as to
 * word five hundred answers, then takes no time from the database.
 */
export class WriterQueue {
  readonly #queues: Record<WriteClass, Job[]> = {
    immediate: [],
    dispatch: [],
    create: [],
    bulk: [],
    import: [],
  };
  readonly #passedOver: Record<WriteClass, number> = {
    immediate: 0,
    dispatch: 0,
    create: 0,
    bulk: 0,
    import: 0,
  };
  #busy = false;

  /** Runs `work` when its turn comes and resolves with its result. */
  run<T>(writeClass: WriteClass, work: WriterWork<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queues[writeClass].push({
        run: (begun) =>
          work(begun).then(
            (result) => () => resolve(result),
            (error) => () => reject(error),
          ),
      });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    let tell: () => void = () => undefined;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const tellLast = tell;
      const late = setTimeout(tellLast, UNTOLD_MS);
      tell = await job.run(tellLast);
      clearTimeout(late);
      // Of a job that did not say when it began; to be told twice is to be told once.
      tellLast();
    }
    this.#busy = false;
    tell();
  }

  #next(): Job | undefined {
    const waiting = WRITE_CLASSES.filter((name) => this.#queues[name].length > 0);
    const turn =
      waiting.findLast((name) => this.#passedOver[name] >= PATIENCE[name] && name !== waiting[0]) ??
      waiting[0];
    if (turn === undefined) return undefined;
    for (const name of waiting)
      this.#passedOver[name] = name === turn ? 0 : this.#passedOver[name] + 1;
    return this.#queues[turn].shift();
  }
}
