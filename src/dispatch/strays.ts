import type { DispatchStore } from "../store/dispatch-store.js";

export interface StraysOptions {
  readonly store: Pick<DispatchStore, "releaseStrays">;
  readonly incarnation: string;
  readonly provider: string;
  /** CA ids of the cards that are in this process's hands. */
  readonly cards: () => readonly string[];
}

/**
 * Lanes of a provider that this process owns without knowing: of claims whose commit may or may not
 * have happened. Nobody else would free them, as long as this process lives.
 *
 *   none ──a claim's end is not known, a heartbeat──▶ suspected
 *   suspected ──freed──▶ none
 *
 * A heartbeat suspects some, since a commit may come through long after it was given up.
 */
export class Strays {
  readonly #options: StraysOptions;
  #suspected = false;
  #freeing: Promise<void> | undefined;

  constructor(options: StraysOptions) {
    this.#options = options;
  }

  /** Until they are freed, what a create claims may be taken for one, and be sent a second time. */
  get suspected(): boolean {
    return this.#suspected;
  }

  suspect(): void {
    this.#suspected = true;
  }

  /** Resolves when none are being freed: what is claimed meanwhile would be taken for one. */
  async untilFreed(): Promise<void> {
    while (this.#freeing !== undefined) await this.#freeing.catch(() => undefined);
  }

  /** Frees all that the process owns but for its cards; nothing may be on its way into its hands. */
  async free(): Promise<void> {
    const { store, incarnation, provider, cards } = this.#options;
    this.#freeing = store.releaseStrays(incarnation, provider, cards());
    try {
      await this.#freeing;
      this.#suspected = false;
    } finally {
      this.#freeing = undefined;
    }
  }
}
