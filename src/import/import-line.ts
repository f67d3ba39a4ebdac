import type { SubscriptionDraft } from "../inventory/subscription-draft.js";

/** One line of an import file, read. */
export type ImportLine = {
  /** The number of its first line in the file, counting from 1. */
  readonly line: number;
  /** The line as it stands in the file. */
  readonly content: string;
} & (
  | { readonly kind: "draft"; readonly draft: SubscriptionDraft }
  /** No subscription can be made of it; `message` says why in a sentence. */
  | { readonly kind: "broken"; readonly field: string | null; readonly message: string }
);
