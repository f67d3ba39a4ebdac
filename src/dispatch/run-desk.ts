import type { ClaimRun } from "../store/dispatch-store.js";

/**
 * What the dispatcher asks of runs, and tells them. Everything but immediate requests is sent
 * inside a run.
 */
export interface RunDesk {
  /**
   * The run that a claim for this provider is made in: an active one that covers it, or one that a
   * due request may start now; undefined when there is neither.
   */
  runFor(provider: string): ClaimRun | undefined;
  /** A claim in that run took `selected` heads; `drained`: nothing more is claimable just now. */
  claimed(run: ClaimRun, provider: string, selected: number, drained: boolean): void;
  /**
   * A head that was claimed in that run has ended or gone back to its lane; `more`: itself, or
   * what waits behind it, may be claimable now, and is looked for.
   */
  settled(runId: string, provider: string, more: boolean): void;
  /** The provider cannot be sent anything for now. */
  unreachable(provider: string): void;
}
