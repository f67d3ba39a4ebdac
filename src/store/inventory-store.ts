import type { Subscription, SubscriptionUpsert } from "../inventory/subscription.js";
import type { UpsertOptions, UpsertOutcome } from "../inventory/upsert-outcome.js";
import type { SubscriptionIdentifier } from "../requests/create-request.js";

/** Which subscriptions to list, by id. */
export interface SubscriptionQuery {
  /** Only subscriptions with an item of this provider. */
  readonly provider: string | undefined;
  /** Continue after the subscription with this id. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  /** There are more after the last of these: a page may end early when its items are many. */
  readonly more: boolean;
}

/** Where subscriptions and their installed items are kept. */
export interface InventoryStore {
  /**
   * Stores subscriptions, each all or nothing, in as many transactions as keeps them short;
   * everything that was stored is durable when the promise resolves. Outcomes in the same order.
   */
  upsert(
    upserts: readonly SubscriptionUpsert[],
    options: UpsertOptions,
  ): Promise<readonly UpsertOutcome[]>;
  get(identifier: SubscriptionIdentifier): Promise<Subscription | undefined>;
  list(query: SubscriptionQuery): Promise<SubscriptionPage>;
}
