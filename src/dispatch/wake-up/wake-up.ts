import type { ClaimRun } from "../../store/dispatch-store.js";

/** What one instance tells the dispatchers of the others. */
export type DispatchNotice =
  /** Something of this provider may be claimable. */
  | { readonly kind: "work"; readonly provider: string }
  /** Session slots have become free. */
  | { readonly kind: "slots" }
  /** Providers were changed. */
  | { readonly kind: "providers" }
  /** Immediate requests have ended; calls elsewhere may wait for them. */
  | { readonly kind: "ended"; readonly numbers: readonly number[] }
  /** Notices may have been lost: look everywhere. */
  | { readonly kind: "missed" };

/** What it tells their run books. */
export type RunNotice =
  /** A run has begun that others take part in. */
  | { readonly kind: "run"; readonly run: ClaimRun }
  /** Run definitions were changed. */
  | { readonly kind: "run_definitions" };

/** What instances tell one another; each is a hint: what is lost is found by a sweep. */
export type Notice = DispatchNotice | RunNotice;

/** How instances wake one another. */
export interface WakeUp {
  /** Tells the other instances, soon; never fails and never waits. */
  tell(notice: Notice): void;
  /** Starts to listen; what other instances tell goes to `hear`. */
  start(hear: (notice: Notice) => void): void;
  /** Passes on what was told, then ends. */
  stop(): Promise<void>;
}

/** For a process that is alone: there is nobody to tell, and nobody who tells. */
export const alone: WakeUp = {
  tell: () => undefined,
  start: () => undefined,
  stop: async () => undefined,
};
