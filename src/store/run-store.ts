import type { ClaimRun } from "./dispatch-store.js";

export const RUN_STATES = ["ACTIVE", "COMPLETED", "FAILED", "INTERRUPTED"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One execution of the provisioning request processing. Dates in milliseconds since 1970 UTC. */
export interface Run extends ClaimRun {
  readonly state: RunState;
  readonly endDate: number | undefined;
  /** Heads claimed in it. */
  readonly selected: number;
  readonly completed: number;
  readonly rejected: number;
  /** Heads that went back to their lanes, to be sent again later. */
  readonly deferred: number;
}

export interface RunPage {
  /** Only runs of this definition. */
  readonly definition: string | undefined;
  readonly limit: number;
  /** Continue after the run of this id; newest first. */
  readonly after: string | undefined;
}

/**
 * Where runs are kept. A run is stored with its first head, or here: when it was started by hand,
 * and at a tick where other instances have work for it.
 */
export interface RunStore {
  /** Stores a run as ACTIVE; false when one of its definition is. */
  start(run: ClaimRun, incarnation: string): Promise<boolean>;
  /** The same, if other instances have something to claim in it; false when they have not. */
  startForOthers(run: ClaimRun, incarnation: string): Promise<boolean>;
  /**
   * Ends a run for this process, if it was stored, no instance has heads of it under way, and, but
   * for a WAKE run, no other has something to claim in it: whoever is last to be done with it ends
   * it.
   */
  end(id: string, state: Exclude<RunState, "ACTIVE">, incarnation: string): Promise<void>;
  /**
   * The active runs that every instance is to take part in, which is those that no due request
   * started, and all that this incarnation stored.
   */
  toJoin(incarnation: string): Promise<ClaimRun[]>;
  /**
   * Takes a tick for this process: false when another took it, or one that is not older. One of a
   * clock that was ahead does not count: more than a minute from the database's time and the tick's.
   */
  takeTick(definition: string, fireDate: number): Promise<boolean>;
  get(id: string): Promise<Run | undefined>;
  list(page: RunPage): Promise<Run[]>;
}
