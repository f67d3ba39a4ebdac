import type { Lane, LaneKey } from "../requests/lane.js";

/** Which lanes to list. */
export interface LanePage {
  /** Only lanes of this provider. */
  readonly provider: string | undefined;
  /** Only lanes in which something is in the way of a head that is due. */
  readonly blockedOnly: boolean;
  readonly limit: number;
  /** Continue after this lane, which need not be there any more. */
  readonly after: LaneKey | undefined;
}

export interface ListedLanes {
  readonly lanes: readonly Lane[];
  /** Where to continue; undefined at the end. A search may stop before the page is full. */
  readonly next: LaneKey | undefined;
}

/** Lanes as operators see and free them. */
export interface LaneStore {
  /** Lanes by provider and CA id. */
  list(page: LanePage): Promise<ListedLanes>;
  /**
   * Ends the pause before the next attempt of the request of this number; the pauses that follow
   * start short again. False when it was in no such pause.
   */
  endPause(number: number): Promise<boolean>;
}
