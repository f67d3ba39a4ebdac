import type { InventoryRows, InventoryWrites } from "../../src/inventory/inventory-view.js";

/** What is stored once the writes are done; fails where a unique index of the database would. */
export function applyWrites(rows: InventoryRows, writes: InventoryWrites): InventoryRows {
  const without = <T extends { id: string }>(all: readonly T[], ids: readonly string[]) =>
    all.filter(({ id }) => !ids.includes(id));
  const subscriptions = [
    ...without(rows.subscriptions, writes.removedSubscriptions),
    // The database gives a new row its date; here any will do.
    ...writes.subscriptions.map((row) => ({ ...row, createdDate: row.createdDate ?? 1 })),
  ];
  const items = [...without(rows.items, writes.removedItems), ...writes.items];
  unique("subscription id", subscriptions, ({ id }) => id);
  unique("number", subscriptions, ({ number }) => number);
  unique("item id", items, ({ id }) => id);
  unique("serial number", items, ({ serialNumber }) => serialNumber);
  unique("alternative code", items, ({ alternativeCode }) => alternativeCode);
  unique("CA id", items, ({ type, ca }) => ca && JSON.stringify([ca.provider, type, ca.caId]));
  return { subscriptions, items };
}

function unique<T>(what: string, rows: readonly T[], key: (row: T) => string | undefined): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const value = key(row);
    if (value === undefined) continue;
    if (seen.has(value)) throw new Error(`${what} ${value} is stored twice`);
    seen.add(value);
  }
}
