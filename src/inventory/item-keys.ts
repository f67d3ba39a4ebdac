import type { InstalledItem } from "./installed-item.js";

/** One of the values by which an item is unique, besides its id. */
export interface ItemKey {
  /** The item's field, in snake_case. */
  readonly field: "serial_number" | "alternative_code" | "ca_id";
  /** The field's name and value in one text; no other value of any field has the same. */
  readonly key: string;
}

/** The values of an item that no other item may have. */
export function itemKeys(item: InstalledItem): ItemKey[] {
  const keys: ItemKey[] = [{ field: "serial_number", key: `serial_number ${item.serialNumber}` }];
  if (item.alternativeCode !== undefined) {
    keys.push({ field: "alternative_code", key: `alternative_code ${item.alternativeCode}` });
  }
  if (item.ca !== undefined) {
    // Identifiers hold no control characters, so the parts cannot run into one another.
    const { provider, caId } = item.ca;
    keys.push({ field: "ca_id", key: `ca_id ${provider}\n${item.type}\n${caId}` });
  }
  return keys;
}
