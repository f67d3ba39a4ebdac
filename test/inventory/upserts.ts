import type { InstalledItem } from "../../src/inventory/installed-item.js";
import type { SubscriptionUpsert } from "../../src/inventory/subscription.js";
import type { UpsertOutcome } from "../../src/inventory/upsert-outcome.js";

/** A smartcard with everything a card can have, all of it made of its name. */
export function card(name: string, changes: Partial<InstalledItem> = {}): InstalledItem {
  return {
    id: `I-${name}`,
    type: "SMARTCARD",
    serialNumber: `SN-${name}`,
    alternativeCode: `ALT-${name}`,
    ca: { provider: "nds-main", caId: `CA-${name}` },
    ...changes,
  };
}

/** A subscription with a number made of its name. */
export function subscription(
  name: string,
  items: readonly InstalledItem[] = [],
  number = `N-${name}`,
): SubscriptionUpsert {
  return { id: `S-${name}`, number, items };
}

/** An outcome in a few words: the changes, or the reasons and fields of what is wrong. */
export function inShort(outcome: UpsertOutcome | undefined): string {
  switch (outcome?.kind) {
    case undefined:
      return "nothing";
    case "stored":
      return [outcome.change, ...outcome.itemChanges].join(" ");
    case "refused":
      return outcome.faults.map(({ reason, field }) => `${reason} ${field}`).join(", ");
  }
}
