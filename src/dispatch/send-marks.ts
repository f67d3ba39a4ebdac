import { Coalescer } from "../store/coalescer.js";
import type { ClaimedHead, DispatchStore } from "../store/dispatch-store.js";

const MAX_BATCH = 500;

/**
 * Durable marks that an at-most-once command is about to be sent, one commit for many. The heads
 * that wait here are claimed ones, bounded by the in-flight caps.
 */
export class SendMarks {
  readonly #coalescer: Coalescer<ClaimedHead, boolean>;

  constructor(incarnation: string, store: DispatchStore) {
    this.#coalescer = new Coalescer({
      maxBatch: MAX_BATCH,
      maxWaiting: Number.POSITIVE_INFINITY,
      overloaded: () => new Error("unreachable: waiting marks have no bound"),
      write: (batch) => store.markSending(incarnation, batch),
    });
  }

  /** Resolves when the mark is on disk: false when the head's claim no longer stood. */
  mark(head: ClaimedHead): Promise<boolean> {
    return this.#coalescer.submit(head);
  }
}
