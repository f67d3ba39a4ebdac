import type { Fault } from "../requests/service-error.js";

/** What an upsert did to a subscription or an item. */
export type Change = "CREATED" | "UPDATED" | "UNCHANGED";

/** What became of one subscription of an upsert. */
export type UpsertOutcome =
  | {
      readonly kind: "stored";
      readonly change: Change;
      /** What became of each item of the upsert, in its order. */
      readonly itemChanges: readonly Change[];
    }
  /** Nothing of it was stored. Fields are named by their path inside the subscription. */
  | { readonly kind: "refused"; readonly faults: readonly [Fault, ...Fault[]] };

/** Settings of an upsert as a whole. */
export interface UpsertOptions {
  /** Items of a subscription that the upsert does not list are removed. */
  readonly detachUnlistedItems: boolean;
}
