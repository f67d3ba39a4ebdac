import { type InstalledItem, isItemType } from "../../inventory/installed-item.js";
import type { ColumnType } from "./dialect.js";

/** A row of `installed_items`. */
export interface ItemRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly type: string;
  readonly serial_number: string;
  readonly alternative_code: string | null;
  readonly ca_id: string | null;
  readonly provider: string | null;
}

/** The columns of `installed_items`, as parameters. */
export const ITEM_COLUMNS = {
  id: "text",
  subscription_id: "text",
  type: "text",
  serial_number: "text",
  alternative_code: "text",
  ca_id: "text",
  provider: "text",
} as const satisfies Record<keyof ItemRow, ColumnType>;

/** The row of an item. */
export function itemRow(item: InstalledItem, subscriptionId: string): ItemRow {
  return {
    id: item.id,
    subscription_id: subscriptionId,
    type: item.type,
    serial_number: item.serialNumber,
    alternative_code: item.alternativeCode ?? null,
    ca_id: item.ca?.caId ?? null,
    provider: item.ca?.provider ?? null,
  };
}

/** The item of a row. */
export function installedItem(row: ItemRow): InstalledItem {
  if (!isItemType(row.type)) throw new Error(`installed item ${row.id} has type ${row.type}`);
  return {
    id: row.id,
    type: row.type,
    serialNumber: row.serial_number,
    alternativeCode: row.alternative_code ?? undefined,
    ca:
      row.provider === null || row.ca_id === null
        ? undefined
        : { provider: row.provider, caId: row.ca_id },
  };
}
