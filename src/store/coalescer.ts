/** How a coalescer writes, and what it holds. */
export interface CoalescerOptions<T, R> {
  /** Writes a batch in one commit; results in its order. */
  readonly write: (batch: readonly T[]) => Promise<readonly R[]>;
  /** Items in one batch at most. */
  readonly maxBatch: number;
  /** Items that may wait; one more is refused with `overloaded`. */
  readonly maxWaiting: number;
  /**
   * Lets a second batch go out beside one that is under way, once so many items wait that may: not
   * those submitted together with items under way, which keep their order. Absent: batches follow
   * one another, and all items keep their order in and between them.
   */
  readonly besideFrom?: number | undefined;
  readonly overloaded: () => Error;
  /** True for a failure that one item's data may have caused: the batch is then halved. */
  readonly isDataFault?: (error: unknown) => boolean;
}

/** Who waits for an item. Asked as the item's batch starts: that costs nothing until then. */
export interface Waiter {
  /** Why nobody waits any more; undefined while somebody does. */
  readonly gone: unknown;
}

/** Batches under way at most. */
const AT_ONCE = 2;

interface Entry<T, R> {
  readonly item: T;
  readonly waiter: Waiter | undefined;
  /** The same object for all that were submitted together, which are written one after another. */
  readonly group: object | undefined;
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
  /** Ends of what is under way. */
  readonly #drains = new Set<Promise<void>>();
  #underWay = 0;
  /** Those with items in a batch under way. */
  readonly #groupsUnderWay = new Set<object>();
  /** A batch begins at the end of this turn. */
  #gathering = false;

  constructor(options: CoalescerOptions<T, R>) {
    this.#options = options;
  }

  /** Resolves once the item is on disk. An item whose waiter is gone before its batch starts is dropped. */
  submit(item: T, waiter?: Waiter): Promise<R> {
    if (!this.#hasRoomFor(1)) return Promise.reject(this.#options.overloaded());
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, waiter, group: undefined, resolve, reject });
      this.#start();
    });
  }

  /**
   * Submits items that belong together, and resolves with what became of each. Where a batch fails
   * for another reason than an item's data, those after it are not written either: what is stored
   * is in order. Rejects, with nothing written, when there is no room for all of them.
   */
  submitAll(items: readonly T[], waiter?: Waiter): Promise<PromiseSettledResult<R>[]> {
    if (items.length === 0) return Promise.resolve([]);
    if (!this.#hasRoomFor(items.length)) return Promise.reject(this.#options.overloaded());
    return new Promise((resolve) => {
      const results = new Array<PromiseSettledResult<R>>(items.length);
      let left = items.length;
      let failure: unknown;
      const settle = (place: number, result: PromiseSettledResult<R>) => {
        results[place] = result;
        left -= 1;
        if (left === 0) resolve(results);
      };
      const together: Waiter = {
        get gone() {
          return failure ?? waiter?.gone;
        },
      };
      items.forEach((item, place) => {
        this.#waiting.push({
          item,
          waiter: together,
          group: together,
          resolve: (value) => settle(place, { status: "fulfilled", value }),
          reject: (reason) => {
            if (!this.#isDataFault(reason)) failure ??= reason;
            settle(place, { status: "rejected", reason });
          },
        });
      });
      this.#start();
    });
  }

  /** Something waits or is being written. */
  get isBusy(): boolean {
    return this.#drains.size > 0;
  }

  /** Resolves when nothing waits and nothing is being written. */
  async idle(): Promise<void> {
    while (this.isBusy) await Promise.all(this.#drains);
  }

  #hasRoomFor(items: number): boolean {
    return this.#waiting.length + items <= this.#options.maxWaiting;
  }

  #start(): void {
    if (this.#gathering || !this.#hasWorkFor(this.#underWay)) return;
    this.#gathering = true;
    this.#underWay += 1;
    const drain = this.#drain().finally(() => this.#drains.delete(drain));
    this.#drains.add(drain);
  }

  async #drain(): Promise<void> {
    // At the end of the turn, so that all that comes in it shares the batch. A microtask is too
    // soon: of 500 answers that came together one was written alone, and the rest waited.
    await nextTurn();
    this.#gathering = false;
    do {
      const batch = this.#gather();
      const groups = new Set(batch.flatMap(({ group }) => group ?? []));
      for (const group of groups) this.#groupsUnderWay.add(group);
      this.#start();
      await this.#write(batch);
      for (const group of groups) this.#groupsUnderWay.delete(group);
    } while (this.#hasWorkFor(this.#underWay - 1));
    this.#underWay -= 1;
  }

  /** Whether those that wait are worth one more batch beside so many under way. */
  #hasWorkFor(others: number): boolean {
    if (others === 0) return this.#waiting.length > 0;
    const { besideFrom = Number.POSITIVE_INFINITY } = this.#options;
    if (others >= AT_ONCE || this.#waiting.length < besideFrom) return false;
    const held = this.#groupsUnderWay.size === 0 ? 0 : this.#waiting.filter(this.#isHeld).length;
    return this.#waiting.length - held >= besideFrom;
  }

  readonly #isHeld = ({ group }: Entry<T, R>): boolean =>
    group !== undefined && this.#groupsUnderWay.has(group);

  /** As many as make a batch; those that nobody waits for leave the queue without a place in it. */
  #gather(): Entry<T, R>[] {
    const batch: Entry<T, R>[] = [];
    const held: Entry<T, R>[] = [];
    let seen = 0;
    for (const entry of this.#waiting) {
      if (batch.length >= this.#options.maxBatch) break;
      seen += 1;
      if (this.#isHeld(entry)) held.push(entry);
      else if (this.#isWanted(entry)) batch.push(entry);
    }
    this.#waiting = [...held, ...this.#waiting.slice(seen)];
    return batch;
  }

  #isWanted(entry: Entry<T, R>): boolean {
    const reason = entry.waiter?.gone;
    if (reason === undefined) return true;
    entry.reject(reason);
    return false;
  }

  async #write(batch: readonly Entry<T, R>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      batch.forEach((entry, i) => {
        entry.resolve(results[i] as R);
      });
    } catch (error) {
      if (batch.length > 1 && this.#isDataFault(error)) {
        const middle = Math.ceil(batch.length / 2);
        await this.#write(batch.slice(0, middle));
        await this.#write(batch.slice(middle).filter((entry) => this.#isWanted(entry)));
        return;
      }
      for (const entry of batch) entry.reject(error);
    }
  }

  #isDataFault(error: unknown): boolean {
    return this.#options.isDataFault?.(error) === true;
  }
}

/** Resolves when what has come in by now has been dealt with: no timer, and no wait when idle. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
