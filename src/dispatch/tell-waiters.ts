import type { WrittenResult } from "./courier.js";
import { endingOf, type HeldHead } from "./held-head.js";
import type { Settlements } from "./settlements.js";

export interface Waiters {
  readonly settlements: Settlements;
  /** An immediate request has ended; calls in other instances may wait for it. */
  readonly onImmediateEnded: (number: number) => void;
}

/** Tells who waits for a head what was written of it. */
export function tellWaiters(
  { settlements, onImmediateEnded }: Waiters,
  { head }: HeldHead,
  { result, landed }: WrittenResult,
): void {
  switch (result.kind) {
    case "finish":
      settlements.finished(head.number, () => endingOf(result, landed?.date));
      if (head.processImmediately) onImmediateEnded(head.number);
      return;
    case "defer":
    case "release":
      settlements.laneDelayed(head.provider, head.caId);
  }
}
