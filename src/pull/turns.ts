/** Lets work go one at a time for each name, in the order in which it came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Does the work when its turn comes, and resolves with its result. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const mine = before === undefined ? work() : before.then(work);
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(name, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
