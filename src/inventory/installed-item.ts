/** What kinds of device a subscription can have. */
export const ITEM_TYPES = ["SMARTCARD", "SET_TOP_BOX"] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

/** True for the name of an item type. */
export function isItemType(name: string): name is ItemType {
  return ITEM_TYPES.some((type) => type === name);
}

/** How a CA system knows an item. */
export interface CaAddress {
  readonly provider: string;
  /** Unique for a provider and item type. */
  readonly caId: string;
}

/** A device of a subscription; `id`, `serialNumber` and `alternativeCode` are unique over all items. */
export interface InstalledItem {
  readonly id: string;
  readonly type: ItemType;
  readonly serialNumber: string;
  readonly alternativeCode: string | undefined;
  readonly ca: CaAddress | undefined;
}

/** An installed item with the subscription that owns it. */
export interface OwnedItem extends InstalledItem {
  readonly subscriptionId: string;
}

/** True when nothing would change if one were written over the other. */
export function sameItem(a: OwnedItem, b: OwnedItem): boolean {
  return (
    a.subscriptionId === b.subscriptionId &&
    a.type === b.type &&
    a.serialNumber === b.serialNumber &&
    a.alternativeCode === b.alternativeCode &&
    a.ca?.provider === b.ca?.provider &&
    a.ca?.caId === b.ca?.caId
  );
}
