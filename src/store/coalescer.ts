/** How a coalescer writes, and what it holds. */
export interface CoalescerOptions<T, R> {
  /** Writes a batch in one commit; results in its order. */
  readonly write: (batch: readonly T[]) => Promise<readonly R[]>;
  /** Items in one batch at most. */
  readonly maxBatch: number;
  /** Items that may wait; one more is refused with `overloaded`. */
  readonly maxWaiting: number;
  readonly overloaded: () => Error;
  /** Two items of the same key are never in one batch: the second waits for the next. */
  readonly keyOf?: (item: T) => string | undefined;
  /** True for a failure that one item's data may have caused: the batch is then halved. */
  readonly isDataFault?: (error: unknown) => boolean;
}

interface Entry<T, R> {
  readonly item: T;
  readonly signal: AbortSignal | undefined;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Turns many concurrent writes into few commits: while one commit is under way the next batch
 * gathers. There is no timer: an item that comes when nothing is under way is written at once.
 */
export class Coalescer<T, R> {
  readonly #options: CoalescerOptions<T, R>;
  #waiting: Entry<T, R>[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: CoalescerOptions<T, R>) {
    this.#options = options;
  }

  /** Resolves once the item is on disk. An item whose signal aborts before its batch starts is dropped. */
  submit(item: T, signal?: AbortSignal): Promise<R> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(this.#options.overloaded());
    }
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, signal, resolve, reject });
      // Deferred by a microtask, so that what arrives in the same turn shares the first batch.
      this.#writing ??= Promise.resolve().then(() => this.#drain());
    });
  }

  /** Resolves when nothing waits and nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#gather();
      if (batch.length > 0) await this.#write(batch);
    }
    this.#writing = undefined;
  }

  #gather(): Entry<T, R>[] {
    const { keyOf, maxBatch } = this.#options;
    const batch: Entry<T, R>[] = [];
    const later: Entry<T, R>[] = [];
    const keys = new Set<string>();
    for (const entry of this.#waiting) {
      if (entry.signal?.aborted === true) {
        entry.reject(entry.signal.reason);
        continue;
      }
      const key = keyOf?.(entry.item);
      if (batch.length >= maxBatch || (key !== undefined && keys.has(key))) {
        later.push(entry);
        continue;
      }
      if (key !== undefined) keys.add(key);
      batch.push(entry);
    }
    this.#waiting = later;
    return batch;
  }

  async #write(batch: readonly Entry<T, R>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      batch.forEach((entry, i) => {
        entry.resolve(results[i] as R);
      });
    } catch (error) {
      if (batch.length > 1 && this.#options.isDataFault?.(error) === true) {
        const middle = Math.ceil(batch.length / 2);
        await this.#write(batch.slice(0, middle));
        await this.#write(batch.slice(middle));
        return;
      }
      for (const entry of batch) entry.reject(error);
    }
  }
}
