import type { FoundItem } from "../../requests/check-create.js";
import type { Acceptance } from "../request-store.js";
import { type Db, json } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { foundItem, type ItemRow } from "./found-item.js";

const NAMES = {
  i: "integer",
  box_id: "text",
  box_serial: "text",
  box_code: "text",
} as const satisfies Record<string, ColumnType>;

/**
 * Looks up the set-top boxes that creates of a batch name, by their places in it. A statement of
 * its own: few batches have any, and the others are not to pay for them.
 */
export async function resolveSetTopBoxes(
  tx: Db,
  batch: readonly Acceptance[],
): Promise<ReadonlyMap<number, FoundItem>> {
  const names = batch.flatMap(({ create: { command } }, i) => {
    if (command.type !== "PAIR") return [];
    const { by, value } = command.setTopBox;
    return [
      {
        i,
        box_id: by === "id" ? value : undefined,
        box_serial: by === "serial_number" ? value : undefined,
        box_code: by === "alternative_code" ? value : undefined,
      },
    ];
  });
  const found = new Map<number, FoundItem>();
  if (names.length === 0) return found;
  const rows = await tx.all<ItemRow & { readonly i: number }>(
    `SELECT x.i, b.id AS item_id, b.type AS item_type, b.subscription_id AS item_subscription_id,
       b.serial_number, b.alternative_code, b.ca_id, b.provider
     FROM ${tx.dialect.rows("x", NAMES)}
     ${tx.dialect.joinRow(
       "installed_items",
       "b",
       `b.id = coalesce(x.box_id,
         (SELECT id FROM installed_items WHERE serial_number = x.box_serial),
         (SELECT id FROM installed_items WHERE alternative_code = x.box_code))`,
     )}`,
    [json(NAMES, names)],
  );
  for (const row of rows) {
    const item = foundItem(row);
    if (item !== undefined) found.set(row.i, item);
  }
  return found;
}
