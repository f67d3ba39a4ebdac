/** An installed item as somebody sent it, unchecked; an empty text is a field that was not given. */
export interface ItemDraft {
  readonly id: string;
  readonly type: string;
  readonly serialNumber: string;
  readonly alternativeCode: string;
  readonly caId: string;
  readonly provider: string;
}

/** A subscription as somebody sent it, unchecked. */
export interface SubscriptionDraft {
  readonly id: string;
  readonly number: string;
  readonly items: readonly ItemDraft[];
}
