import type { InstalledItem } from "./installed-item.js";

/** A subscription as it is to be stored; `id` and `number` are each unique. */
export interface SubscriptionUpsert {
  readonly id: string;
  readonly number: string;
  /** What is written; items that are not here stay, unless the upsert detaches them. */
  readonly items: readonly InstalledItem[];
}

/** A stored subscription with all its items. Dates are milliseconds since 1970 UTC. */
export interface Subscription {
  readonly id: string;
  readonly number: string;
  readonly items: readonly InstalledItem[];
  readonly createdDate: number;
  readonly updatedDate: number;
}
