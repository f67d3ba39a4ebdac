import type { InventoryRows } from "../../inventory/inventory-view.js";
import type { SubscriptionUpsert } from "../../inventory/subscription.js";
import type { UpsertOptions } from "../../inventory/upsert-outcome.js";
import { type Db, json } from "./database.js";
import type { ColumnType, Dialect } from "./dialect.js";
import { type ItemRow, installedItem, itemRow } from "./inventory-rows.js";

/** One for each item of the batch, and for each subscription without items. */
const WANTED = {
  subscription_id: "text",
  number: "text",
  id: "text",
  serial_number: "text",
  alternative_code: "text",
  provider: "text",
  type: "text",
  ca_id: "text",
} as const satisfies Record<string, ColumnType>;

/** A row of the one result: an item, or a subscription in the columns that fit. */
type Found =
  | ({ readonly kind: "item" } & ItemRow)
  | {
      readonly kind: "subscription";
      readonly id: string;
      readonly serial_number: string;
      readonly created_date: number;
    };

/**
 * Reads, and where there are several writers locks, every row that bears on a batch of upserts:
 * subscriptions before items, each in key order.
 */
export async function loadInventory(
  tx: Db,
  upserts: readonly SubscriptionUpsert[],
  options: UpsertOptions,
): Promise<InventoryRows> {
  const wanted = upserts.flatMap(({ id, number, items }) =>
    items.length === 0
      ? [{ subscription_id: id, number }]
      : items.map((item) => ({ ...itemRow(item, id), number })),
  );
  const found = await tx.all<Found>(loadStatement(tx.dialect, options), [json(WANTED, wanted)]);
  const subscriptions: InventoryRows["subscriptions"][number][] = [];
  const items: InventoryRows["items"][number][] = [];
  for (const row of found) {
    switch (row.kind) {
      case "subscription":
        subscriptions.push({
          id: row.id,
          number: row.serial_number,
          createdDate: row.created_date,
        });
        break;
      case "item":
        items.push({ ...installedItem(row), subscriptionId: row.subscription_id });
        break;
    }
  }
  return { subscriptions, items };
}

/**
 * CROSS JOIN keeps SQLite at looking each wanted value up in its index; it has no statistics, and
 * would otherwise be free to read the table and search the batch.
 */
function loadStatement(dialect: Dialect, { detachUnlistedItems }: UpsertOptions): string {
  const itemsBy = (condition: string) =>
    `SELECT i.id, i.subscription_id FROM wanted w CROSS JOIN installed_items i WHERE ${condition}`;
  const items = [
    itemsBy("i.id = w.id"),
    itemsBy("i.serial_number = w.serial_number"),
    itemsBy("i.alternative_code = w.alternative_code"),
    itemsBy("i.provider = w.provider AND i.type = w.type AND i.ca_id = w.ca_id"),
    ...(detachUnlistedItems ? [itemsBy("i.subscription_id = w.subscription_id")] : []),
  ];
  return `
    WITH wanted AS MATERIALIZED (
      SELECT ${Object.keys(WANTED).join(", ")} FROM ${dialect.rows("x", WANTED)}),
    item_keys AS MATERIALIZED (${items.join(" UNION ")}),
    subscription_keys AS MATERIALIZED (
      SELECT subscription_id AS id FROM item_keys
      UNION SELECT s.id FROM wanted w CROSS JOIN subscriptions s WHERE s.id = w.subscription_id
      UNION SELECT s.id FROM wanted w CROSS JOIN subscriptions s WHERE s.number = w.number),
    found_subscriptions AS MATERIALIZED (
      SELECT id, number, created_date FROM subscriptions
      WHERE id IN (SELECT id FROM subscription_keys) ORDER BY id ${dialect.forUpdate}),
    found_items AS MATERIALIZED (
      SELECT * FROM installed_items
      WHERE id IN (SELECT id FROM item_keys) ORDER BY id ${dialect.forUpdate})
    SELECT 'subscription' AS kind, id, NULL AS subscription_id, NULL AS type,
      number AS serial_number, NULL AS alternative_code, NULL AS ca_id, NULL AS provider,
      created_date
    FROM found_subscriptions
    UNION ALL
    SELECT 'item', id, subscription_id, type, serial_number, alternative_code, ca_id, provider,
      NULL
    FROM found_items`;
}
