import type { InventoryWrites } from "../../inventory/inventory-view.js";
import { type Db, json } from "./database.js";
import type { Columns } from "./dialect.js";
import { ITEM_COLUMNS, itemRow } from "./inventory-rows.js";

/**
 * Writes what a plan says: first the rows that go or are replaced, then the new ones, so that a
 * unique value can pass from one row to another of the same batch. In key order throughout.
 */
export async function writeInventory(tx: Db, writes: InventoryWrites): Promise<void> {
  await remove(tx, "installed_items", writes.removedItems);
  await remove(tx, "subscriptions", writes.removedSubscriptions);
  const subscriptions = writes.subscriptions.map(({ id, number, createdDate }) => ({
    id,
    number,
    created_date: createdDate ?? null,
  }));
  const columns = { id: "text", number: "text", created_date: "bigint" } as const;
  await insert(
    tx,
    columns,
    `INSERT INTO subscriptions (id, number, created_date, updated_date)
     SELECT x.id, x.number, coalesce(x.created_date, $now), $now
     FROM ${tx.dialect.rows("x", columns)} WHERE true ORDER BY x.id`,
    subscriptions,
  );
  const names = Object.keys(ITEM_COLUMNS).join(", ");
  await insert(
    tx,
    ITEM_COLUMNS,
    `INSERT INTO installed_items (${names})
     SELECT ${names} FROM ${tx.dialect.rows("x", ITEM_COLUMNS)} WHERE true ORDER BY x.id`,
    writes.items.map((item) => itemRow(item, item.subscriptionId)),
  );
}

async function remove(
  tx: Db,
  table: "subscriptions" | "installed_items",
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.all(
    `DELETE FROM ${table} WHERE id IN (SELECT x.id FROM ${tx.dialect.rows("x", { id: "text" })})`,
    [
      json(
        { id: "text" },
        ids.map((id) => ({ id })),
      ),
    ],
  );
}

async function insert<C extends Columns>(
  tx: Db,
  columns: C,
  sql: string,
  rows: readonly { readonly [Name in keyof C]?: unknown }[],
): Promise<void> {
  if (rows.length > 0) await tx.all(sql, [json(columns, rows)]);
}
