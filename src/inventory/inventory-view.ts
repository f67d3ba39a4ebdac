import { type OwnedItem, sameItem } from "./installed-item.js";
import { itemKeys } from "./item-keys.js";

/** A subscription's own row; without a created date it is not stored yet. */
export interface SubscriptionRow {
  readonly id: string;
  readonly number: string;
  readonly createdDate: number | undefined;
}

/** The stored rows that bear on a batch of upserts. */
export interface InventoryRows {
  readonly subscriptions: readonly SubscriptionRow[];
  readonly items: readonly OwnedItem[];
}

/** An item that is no longer a subscription's: the subscription's requests may be of it. */
export interface FormerItem {
  readonly subscriptionId: string;
  readonly itemId: string;
}

/** What has to be written so that the database holds what the view holds. */
export interface InventoryWrites {
  /** Rows that go before any is written: replaced ones too, so that values can change hands. */
  readonly removedSubscriptions: readonly string[];
  readonly removedItems: readonly string[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly items: readonly OwnedItem[];
  readonly formerItems: readonly FormerItem[];
}

/** The part of the inventory that a batch touches, changed in memory and then compared. */
export class InventoryView {
  readonly #stored: {
    readonly subscriptions: ReadonlyMap<string, SubscriptionRow>;
    readonly items: ReadonlyMap<string, OwnedItem>;
  };
  readonly #subscriptions: Map<string, SubscriptionRow>;
  readonly #numbers = new Map<string, string>();
  readonly #items = new Map<string, OwnedItem>();
  readonly #holders = new Map<string, string>();
  readonly #itemsOf = new Map<string, Set<string>>();
  readonly #touchedSubscriptions = new Set<string>();
  readonly #touchedItems = new Set<string>();

  constructor(rows: InventoryRows) {
    this.#stored = {
      subscriptions: new Map(rows.subscriptions.map((row) => [row.id, row])),
      items: new Map(rows.items.map((item) => [item.id, item])),
    };
    this.#subscriptions = new Map(this.#stored.subscriptions);
    for (const { id, number } of rows.subscriptions) this.#numbers.set(number, id);
    for (const item of rows.items) this.#index(item);
  }

  subscription(id: string): SubscriptionRow | undefined {
    return this.#subscriptions.get(id);
  }

  /** The id of the subscription with this number. */
  ownerOfNumber(number: string): string | undefined {
    return this.#numbers.get(number);
  }

  item(id: string): OwnedItem | undefined {
    return this.#items.get(id);
  }

  itemsOf(subscriptionId: string): OwnedItem[] {
    const ids = [...(this.#itemsOf.get(subscriptionId) ?? [])];
    return ids.flatMap((id) => this.#items.get(id) ?? []);
  }

  /** The item that has a value which must be unique. */
  holderOf(key: string): OwnedItem | undefined {
    return this.#items.get(this.#holders.get(key) ?? "");
  }

  /** Creates or renames a subscription, or notes that something of it changed. */
  putSubscription(id: string, number: string): void {
    const before = this.#subscriptions.get(id);
    if (before !== undefined && before.number !== number) this.#numbers.delete(before.number);
    this.#numbers.set(number, id);
    this.#subscriptions.set(id, { id, number, createdDate: before?.createdDate });
    this.#touchedSubscriptions.add(id);
  }

  putItem(item: OwnedItem): void {
    this.#index(item);
    this.#touchedItems.add(item.id);
  }

  /** Takes an item out; the subscription that had it has changed by that. */
  removeItem(item: OwnedItem): void {
    this.#items.delete(item.id);
    for (const { key } of itemKeys(item)) this.#holders.delete(key);
    this.#itemsOf.get(item.subscriptionId)?.delete(item.id);
    this.#touchedItems.add(item.id);
    if (this.#subscriptions.has(item.subscriptionId)) {
      this.#touchedSubscriptions.add(item.subscriptionId);
    }
  }

  /** The difference from what is stored. */
  writes(): InventoryWrites {
    const subscriptions = [...this.#touchedSubscriptions].flatMap(
      (id) => this.#subscriptions.get(id) ?? [],
    );
    const removedItems: string[] = [];
    const items: OwnedItem[] = [];
    const formerItems: FormerItem[] = [];
    for (const id of this.#touchedItems) {
      const before = this.#stored.items.get(id);
      const after = this.#items.get(id);
      if (before !== undefined && after !== undefined && sameItem(before, after)) continue;
      if (before !== undefined) {
        removedItems.push(id);
        const { subscriptionId } = before;
        if (after?.subscriptionId !== subscriptionId)
          formerItems.push({ subscriptionId, itemId: id });
      }
      if (after !== undefined) items.push(after);
    }
    const known = subscriptions.filter(({ id }) => this.#stored.subscriptions.has(id));
    const removedSubscriptions = known.map(({ id }) => id);
    return { removedSubscriptions, removedItems, subscriptions, items, formerItems };
  }

  #index(item: OwnedItem): void {
    this.#items.set(item.id, item);
    for (const { key } of itemKeys(item)) this.#holders.set(key, item.id);
    const siblings = this.#itemsOf.get(item.subscriptionId) ?? new Set();
    this.#itemsOf.set(item.subscriptionId, siblings.add(item.id));
  }
}
