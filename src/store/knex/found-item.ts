import type { FoundItem } from "../../requests/check-create.js";

/**
 * The columns of an installed item in a look-up, all null where there is none. A look-up may leave
 * out a serial number, and a subscription, that is known without it.
 */
export interface ItemRow {
  readonly item_id: string | null;
  readonly item_type: string | null;
  readonly item_subscription_id: string | null;
  readonly serial_number: string | null;
  readonly alternative_code: string | null;
  readonly ca_id: string | null;
  readonly provider: string | null;
}

/** The item that a look-up found, with what it has left out. */
export function foundItem(
  row: ItemRow,
  serialNumber = "",
  subscriptionId = "",
): FoundItem | undefined {
  if (row.item_id === null) return undefined;
  return {
    id: row.item_id,
    type: row.item_type ?? "",
    subscriptionId: row.item_subscription_id ?? subscriptionId,
    serialNumber: row.serial_number ?? serialNumber,
    alternativeCode: row.alternative_code ?? undefined,
    caId: row.ca_id ?? undefined,
    provider: row.provider ?? undefined,
  };
}
