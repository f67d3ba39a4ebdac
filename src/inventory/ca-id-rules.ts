import type { ItemType } from "./installed-item.js";

/** What the providers say of a CA id. */
export type CaIdVerdict =
  | { readonly kind: "ok" }
  | { readonly kind: "unknown_provider" }
  /** Not a CA id of the provider's protocol; `text` is a phrase such as `must be 8 to 16 digits`. */
  | { readonly kind: "invalid"; readonly text: string };

/** What the inventory has to know of the providers. */
export interface CaIdRules {
  /** By the providers as this process knows them. */
  check(provider: string, type: ItemType, caId: string): CaIdVerdict;
  /** Of a subscription with an item at the provider: its number goes to the CA system too. */
  checkSubscriptionNumber(provider: string, number: string): CaIdVerdict;
  /** Reads the stored providers again: another process may have made one. */
  refresh(): Promise<void>;
}
