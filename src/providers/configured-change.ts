import type { Effectiveness } from "./effectiveness.js";

/**
 * What became of a change to a provider or a run definition that was asked for by call. One that
 * changes nothing is `stored` all the same, under the version that there was.
 */
export type Changed<T> =
  | { readonly kind: "stored"; readonly value: T }
  | { readonly kind: "missing" }
  /** The configuration file defines it. */
  | { readonly kind: "in_file" }
  /** Somebody else changed it since the caller read it; this is its version now. */
  | { readonly kind: "other_version"; readonly version: number };

/** A wish for another life cycle state, with who has it and why. */
export interface StateChange {
  readonly state: Effectiveness;
  /** Undefined: not told. */
  readonly reason: string | undefined;
  readonly by: string;
  /** The version that the caller has seen; undefined: whatever it is. */
  readonly version: number | undefined;
}
