import type { SubscriptionDraft } from "../inventory/subscription-draft.js";

/** What became of one line of an import. */
export type LineResult =
  | { readonly kind: "created" | "updated" | "unchanged" }
  | {
      readonly kind: "rejected";
      readonly reason: string;
      /** Names each field at fault: sentences such as `number: is mandatory`, joined by `; `. */
      readonly message: string;
    };

/** Where an import goes to. */
export interface ImportTarget {
  /** Stores up to 1,000 subscriptions; one result for each, in the same order. */
  upsert(drafts: readonly SubscriptionDraft[]): Promise<readonly LineResult[]>;
  close(): Promise<void>;
}
