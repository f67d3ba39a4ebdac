import type { Fault } from "../requests/service-error.js";
import { type InstalledItem, sameItem } from "./installed-item.js";
import { type InventoryRows, InventoryView, type InventoryWrites } from "./inventory-view.js";
import { itemKeys } from "./item-keys.js";
import type { SubscriptionUpsert } from "./subscription.js";
import type { Change, UpsertOptions, UpsertOutcome } from "./upsert-outcome.js";

/** What a batch of upserts comes to. */
export interface UpsertPlan {
  /** One for each upsert, in the order of the batch. */
  readonly outcomes: readonly UpsertOutcome[];
  readonly writes: InventoryWrites;
}

/**
 * Decides what a batch of checked upserts changes, given every stored row that has an id, or a
 * value that must be unique, in common with it (and all items of its subscriptions when unlisted
 * ones are to be detached). Each subscription is all or nothing and sees what those before it did.
 */
export function planUpserts(
  stored: InventoryRows,
  upserts: readonly SubscriptionUpsert[],
  options: UpsertOptions,
): UpsertPlan {
  const view = new InventoryView(stored);
  const outcomes = upserts.map((upsert) => planUpsert(view, upsert, options));
  return { outcomes, writes: view.writes() };
}

function planUpsert(
  view: InventoryView,
  upsert: SubscriptionUpsert,
  { detachUnlistedItems }: UpsertOptions,
): UpsertOutcome {
  const listed = new Set(upsert.items.map(({ id }) => id));
  const detached = detachUnlistedItems
    ? view.itemsOf(upsert.id).filter(({ id }) => !listed.has(id))
    : [];
  // What a rewritten or detached item had is free for the others of the same subscription.
  const [first, ...rest] = conflicts(
    view,
    upsert,
    new Set([...listed, ...detached.map(({ id }) => id)]),
  );
  if (first !== undefined) return { kind: "refused", faults: [first, ...rest] };

  const itemChanges = upsert.items.map((item) => changeOf(view, item, upsert.id));
  const changed = upsert.items.filter((_, index) => itemChanges[index] !== "UNCHANGED");
  for (const item of detached) view.removeItem(item);
  for (const { id } of changed) {
    const before = view.item(id);
    if (before !== undefined) view.removeItem(before);
  }
  for (const item of changed) view.putItem({ ...item, subscriptionId: upsert.id });

  const before = view.subscription(upsert.id);
  const same = before?.number === upsert.number && changed.length === 0 && detached.length === 0;
  if (!same) view.putSubscription(upsert.id, upsert.number);
  const change = before === undefined ? "CREATED" : same ? "UNCHANGED" : "UPDATED";
  return { kind: "stored", change, itemChanges };
}

function changeOf(view: InventoryView, item: InstalledItem, subscriptionId: string): Change {
  const before = view.item(item.id);
  if (before === undefined) return "CREATED";
  return sameItem(before, { ...item, subscriptionId }) ? "UNCHANGED" : "UPDATED";
}

/** Every value of the upsert that somebody else has and keeps. */
function conflicts(
  view: InventoryView,
  upsert: SubscriptionUpsert,
  released: ReadonlySet<string>,
): Fault[] {
  const faults: Fault[] = [];
  const owner = view.ownerOfNumber(upsert.number);
  if (owner !== undefined && owner !== upsert.id) {
    const resource = { type: "subscription", name: owner };
    faults.push(inUse("number", `is the number of subscription ${owner}`, resource));
  }
  upsert.items.forEach((item, index) => {
    for (const { field, key } of itemKeys(item)) {
      const holder = view.holderOf(key);
      if (holder === undefined || released.has(holder.id)) continue;
      const text = `is that of item ${holder.id} of subscription ${holder.subscriptionId}`;
      const resource = { type: "installed_item", name: holder.id };
      faults.push(inUse(`installed_items[${index}].${field}`, text, resource));
    }
  });
  return faults;
}

function inUse(
  field: string,
  description: string,
  resource: { readonly type: string; readonly name: string },
): Fault {
  return { reason: "VALUE_IN_USE", field, description, resource };
}
