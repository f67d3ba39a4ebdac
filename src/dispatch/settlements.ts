import type { SentEnding } from "../requests/ended-request.js";

/** Why a call that waits for its request need not wait longer. */
export type Settlement =
  /** It has a final state; how, when it was this process that sent it. */
  | { readonly kind: "finished"; readonly ending: SentEnding | undefined }
  /** Its lane is backing off, its provider has no session, or the process stops: not soon. */
  | { readonly kind: "delayed" };

/** Calls that wait at once, of all providers: three quarters of the calls that there is room for. */
const ROOM = 3072;

interface Waiter {
  readonly provider: string;
  readonly caId: string;
  settle(settlement: Settlement): void;
}

/** Where calls wait for what the dispatcher makes of their requests; knows only those waited for. */
export class Settlements {
  readonly #waiters = new Map<number, Set<Waiter>>();
  /** Calls that wait, by provider. */
  readonly #waiting = new Map<string, number>();
  #closed = false;

  /**
   * True while fewer calls wait for the provider than still find room: else one that is slow would
   * take all of it, and calls for the others were refused. One has half of the room at most, two
   * that are slow a third each, and so on, and as much as each has is left for who comes next.
   */
  hasRoom(provider: string): boolean {
    return this.#waitingAt(provider) < ROOM - this.waiting;
  }

  /** Calls that wait, of all providers. */
  get waiting(): number {
    let waiting = 0;
    for (const count of this.#waiting.values()) waiting += count;
    return waiting;
  }

  /**
   * Waits for a request. Ask before it can be sent; `cancel` ends the wait without a result and
   * is harmless afterwards.
   */
  await(
    number: number,
    provider: string,
    caId: string,
  ): { settled: Promise<Settlement>; cancel: () => void } {
    let cancel = () => {};
    const settled = new Promise<Settlement>((resolve) => {
      const waiters = this.#waiters.get(number) ?? new Set<Waiter>();
      this.#waiters.set(number, waiters);
      const waiter: Waiter = { provider, caId, settle: resolve };
      waiters.add(waiter);
      this.#waiting.set(provider, this.#waitingAt(provider) + 1);
      if (this.#closed) resolve({ kind: "delayed" });
      cancel = () => {
        if (!waiters.delete(waiter)) return;
        this.#waiting.set(provider, this.#waitingAt(provider) - 1);
        if (waiters.size === 0 && this.#waiters.get(number) === waiters) {
          this.#waiters.delete(number);
        }
      };
    });
    return { settled, cancel };
  }

  /** `endingOf` is asked only when somebody waits. */
  finished(number: number, endingOf?: () => SentEnding | undefined): void {
    const waiters = this.#waiters.get(number);
    if (waiters === undefined) return;
    this.#waiters.delete(number);
    const ending = endingOf?.();
    for (const waiter of waiters) waiter.settle({ kind: "finished", ending });
  }

  /** The card's lane sleeps: whoever waits for any request of it is told. */
  laneDelayed(provider: string, caId: string): void {
    this.#delay((waiter) => waiter.provider === provider && waiter.caId === caId);
  }

  providerDelayed(provider: string): void {
    this.#delay((waiter) => waiter.provider === provider);
  }

  /** Nothing more is sent from here: whoever waits, or asks from now on, is told so. */
  close(): void {
    this.#closed = true;
    this.#delay(() => true);
  }

  #delay(concerned: (waiter: Waiter) => boolean): void {
    for (const waiters of this.#waiters.values()) {
      for (const waiter of waiters) if (concerned(waiter)) waiter.settle({ kind: "delayed" });
    }
  }

  #waitingAt(provider: string): number {
    return this.#waiting.get(provider) ?? 0;
  }
}
