import type { FormerItem, InventoryWrites } from "../../inventory/inventory-view.js";
import { json, type Tx } from "./database.js";
import { ITEM_COLUMNS, itemRow } from "./inventory-rows.js";
import { RowShape } from "./row-shape.js";

const ITEMS = new RowShape(ITEM_COLUMNS);

/**
 * Writes what a plan says: first the rows that go or are replaced, then the new ones, so that a
 * unique value can pass from one row to another of the same batch. In key order throughout.
 */
export function writeInventory(tx: Tx, writes: InventoryWrites): void {
  remove(tx, "installed_items", writes.removedItems);
  noteFormer(tx, writes.formerItems);
  remove(tx, "subscriptions", writes.removedSubscriptions);
  const subscriptions = writes.subscriptions.map(({ id, number, createdDate }) => ({
    id,
    number,
    created_date: createdDate ?? null,
  }));
  if (subscriptions.length > 0) {
    const columns = { id: "text", number: "text", created_date: "bigint" } as const;
    tx.run(
      `INSERT INTO subscriptions (id, number, created_date, updated_date)
       SELECT x.id, x.number, coalesce(x.created_date, $now), $now
       FROM ${tx.dialect.rows("x", columns)} WHERE true ORDER BY x.id`,
      [json(columns, subscriptions)],
    );
  }
  const items = [...writes.items].sort((a, b) => (a.id < b.id ? -1 : 1));
  tx.insert(
    "installed_items",
    ITEMS,
    items.map((item) => itemRow(item, item.subscriptionId)),
  );
}

/** The requests of a subscription are found by its items, and by those that it had once. */
function noteFormer(tx: Tx, formerItems: readonly FormerItem[]): void {
  if (formerItems.length === 0) return;
  const columns = { subscription_id: "text", item_id: "text" } as const;
  const rows = formerItems.map(({ subscriptionId, itemId }) => ({
    subscription_id: subscriptionId,
    item_id: itemId,
  }));
  tx.run(
    `INSERT INTO former_items (subscription_id, item_id)
     SELECT x.subscription_id, x.item_id FROM ${tx.dialect.rows("x", columns)} WHERE true
     ORDER BY x.item_id ON CONFLICT (subscription_id, item_id) DO NOTHING`,
    [json(columns, rows)],
  );
}

function remove(tx: Tx, table: "subscriptions" | "installed_items", ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.run(
    `DELETE FROM ${table} WHERE id IN (SELECT x.id FROM ${tx.dialect.rows("x", { id: "text" })})`,
    [
      json(
        { id: "text" },
        ids.map((id) => ({ id })),
      ),
    ],
  );
}
