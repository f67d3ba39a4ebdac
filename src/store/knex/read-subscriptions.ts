import type { InstalledItem } from "../../inventory/installed-item.js";
import type { Subscription } from "../../inventory/subscription.js";
import type { SubscriptionIdentifier } from "../../requests/create-request.js";
import { type Db, json, type Value } from "./database.js";
import { ITEM_COLUMNS, type ItemRow, installedItem } from "./inventory-rows.js";

/** A subscription beside one of its items, or beside nothing when it has none. */
type JoinedRow = (ItemRow | { readonly [column in keyof ItemRow]: null }) & {
  readonly owner_id: string;
  readonly number: string;
  readonly created_date: number;
  readonly updated_date: number;
};

/** The subscription of this name. */
export async function getSubscription(
  db: Db,
  identifier: SubscriptionIdentifier,
): Promise<Subscription | undefined> {
  const [found] = await read(db, `subscriptions s`, `WHERE s.${identifier.by} = ?`, [
    identifier.value,
  ]);
  return found;
}

/** The subscriptions with these ids, in the order of the ids. */
export function getSubscriptions(db: Db, ids: readonly string[]): Promise<Subscription[]> {
  const from = `${db.dialect.rows("x", { id: "text" })} JOIN subscriptions s ON s.id = x.id`;
  return read(db, from, "", [
    json(
      { id: "text" },
      ids.map((id) => ({ id })),
    ),
  ]);
}

/** One statement, so that no item is seen on its way from one subscription to another. */
async function read(
  db: Db,
  from: string,
  where: string,
  bindings: readonly Value[],
): Promise<Subscription[]> {
  const columns = Object.keys(ITEM_COLUMNS).map((name) => `i.${name}`);
  const rows = await db.all<JoinedRow>(
    `SELECT s.id AS owner_id, s.number, s.created_date, s.updated_date, ${columns.join(", ")}
     FROM ${from} LEFT JOIN installed_items i ON i.subscription_id = s.id
     ${where} ORDER BY s.id, i.id`,
    bindings,
  );
  const subscriptions: (Subscription & { readonly items: InstalledItem[] })[] = [];
  for (const row of rows) {
    let last = subscriptions.at(-1);
    if (last?.id !== row.owner_id) {
      last = {
        id: row.owner_id,
        number: row.number,
        items: [],
        createdDate: row.created_date,
        updatedDate: row.updated_date,
      };
      subscriptions.push(last);
    }
    if (row.id !== null) last.items.push(installedItem(row));
  }
  return subscriptions;
}
