import type { Effectiveness } from "./effectiveness.js";

/** When runs of which providers take place, as an operator describes it. */
export interface RunDefinition {
  /** The key; never changes. */
  readonly name: string;
  /** Six fields, the first are seconds. */
  readonly cron: string;
  /** IANA time zone that the cron expression is read in. */
  readonly timeZone: string;
  /** Names of the providers it covers; empty: all. */
  readonly providers: readonly string[];
  /** A due request starts a run by itself when none is active. */
  readonly wake: boolean;
  readonly lifeCycleState: Effectiveness;
}

/** A run definition as the database keeps it. Dates are milliseconds since 1970 UTC. */
export interface StoredRunDefinition extends RunDefinition {
  /** The configuration file defines it, so that nothing but its life cycle state changes by call. */
  readonly definedInFile: boolean;
  /** Why it was last put into its life cycle state, as whoever did it says. */
  readonly lifeCycleReason: string | undefined;
  /** From 1, one more with each change. */
  readonly version: number;
  /** The fire date of its last tick that was taken; undefined before the first. */
  readonly lastTick: number | undefined;
  readonly createdDate: number;
  readonly updatedDate: number;
  /** The user who created it; undefined: the configuration file, or the service itself. */
  readonly createdBy: string | undefined;
  readonly updatedBy: string | undefined;
}

/** Exists even when no file defines it, so that requests are sent without any configuration. */
export const DEFAULT_RUN_DEFINITION: RunDefinition = Object.freeze({
  name: "default",
  cron: "*/10 * * * * *",
  timeZone: "UTC",
  providers: [],
  wake: true,
  lifeCycleState: "EFFECTIVE",
});
