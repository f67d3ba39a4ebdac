import type { DispatchStore, SessionSlot } from "../store/dispatch-store.js";

/**
 * The session slots that this process has, as it knows itself: those that it keeps connected, and
 * those that connections are tested with.
 *
 * The database may say more: a slot that could not be given back, or that was taken by a commit
 * whose answer was lost. Nobody would connect it, and nobody else could take it while this process
 * lives; so all that is not in use here is freed with each slot that is given back, and by a sweep.
 * Changes take turns: a slot that is just being taken would look like one that nobody uses.
 */
export class HeldSlots {
  readonly #incarnation: string;
  readonly #store: Pick<DispatchStore, "acquireSlots" | "keepSlots">;
  readonly #inUse = new Set<SessionSlot>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(incarnation: string, store: Pick<DispatchStore, "acquireSlots" | "keepSlots">) {
    this.#incarnation = incarnation;
    this.#store = store;
  }

  /** How many of these providers' slots this process uses. */
  countOf(providers: ReadonlySet<string>): number {
    return [...this.#inUse].filter(({ provider }) => providers.has(provider)).length;
  }

  /** Takes free slots of a provider, as `DispatchStore.acquireSlots` does. */
  acquire(
    provider: string,
    providerVersion: number,
    connections: number,
    limit: number,
  ): Promise<readonly SessionSlot[]> {
    return this.#inTurn(async () => {
      const slots = await this.#store.acquireSlots(
        this.#incarnation,
        provider,
        providerVersion,
        connections,
        limit,
      );
      for (const slot of slots) this.#inUse.add(slot);
      return slots;
    });
  }

  /** Gives slots back. When that fails, the next change or sweep does it. */
  release(slots: readonly SessionSlot[]): Promise<void> {
    for (const slot of slots) this.#inUse.delete(slot);
    return this.freeUnused();
  }

  /** Frees what the database says this process has, and it does not use. */
  freeUnused(): Promise<void> {
    return this.#inTurn(() => this.#store.keepSlots(this.#incarnation, [...this.#inUse]));
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
