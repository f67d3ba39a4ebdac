import type { Reason } from "../requests/reasons.js";
import type { Fault } from "../requests/service-error.js";
import type { CaIdRules } from "./ca-id-rules.js";
import { identifierFault } from "./identifier.js";
import {
  type CaAddress,
  type InstalledItem,
  ITEM_TYPES,
  type ItemType,
  isItemType,
} from "./installed-item.js";
import { itemKeys } from "./item-keys.js";
import type { SubscriptionUpsert } from "./subscription.js";
import type { ItemDraft, SubscriptionDraft } from "./subscription-draft.js";

/** Items of one subscription that one upsert may write: they share a transaction. */
export const MAX_ITEMS = 1000;

export type CheckedDraft =
  | { readonly kind: "sound"; readonly upsert: SubscriptionUpsert }
  | { readonly kind: "refused"; readonly faults: readonly [Fault, ...Fault[]] };

type Report = (
  reason: Reason,
  field: string,
  description: string,
  resource?: Fault["resource"],
) => void;

/** Holds a draft against the rules of its fields, those that need no look at what is stored. */
export function checkDraft(draft: SubscriptionDraft, rules: CaIdRules): CheckedDraft {
  const faults: Fault[] = [];
  const report: Report = (reason, field, description, resource) =>
    faults.push({ reason, field, description, ...(resource && { resource }) });

  checkIdentifier(draft.id, "id", report);
  checkIdentifier(draft.number, "number", report);
  const items: InstalledItem[] = [];
  if (draft.items.length > MAX_ITEMS) {
    report("INVALID_REQUEST", "installed_items", `has more than ${MAX_ITEMS} items`);
  } else {
    draft.items.forEach((item, index) => {
      items.push(checkItem(item, `installed_items[${index}]`, rules, report));
    });
    reportRepeated(items, report);
    checkNumberAtProviders(draft, items, rules, report);
  }
  const [first, ...rest] = faults;
  return first === undefined
    ? { kind: "sound", upsert: { id: draft.id, number: draft.number, items } }
    : { kind: "refused", faults: [first, ...rest] };
}

/** The item of a draft; of no use when something was reported. */
function checkItem(
  draft: ItemDraft,
  path: string,
  rules: CaIdRules,
  report: Report,
): InstalledItem {
  checkIdentifier(draft.id, `${path}.id`, report);
  const type = isItemType(draft.type) ? draft.type : undefined;
  if (type === undefined) {
    report("INVALID_REQUEST", `${path}.type`, `must be ${ITEM_TYPES.join(" or ")}`);
  }
  checkIdentifier(draft.serialNumber, `${path}.serial_number`, report);
  const alternativeCode = draft.alternativeCode === "" ? undefined : draft.alternativeCode;
  if (alternativeCode !== undefined) {
    checkIdentifier(alternativeCode, `${path}.alternative_code`, report);
  }
  return {
    id: draft.id,
    type: type ?? "SMARTCARD",
    serialNumber: draft.serialNumber,
    alternativeCode,
    ca: checkCaAddress(draft, type ?? "SMARTCARD", path, rules, report),
  };
}

function checkCaAddress(
  { provider, caId }: ItemDraft,
  type: ItemType,
  path: string,
  rules: CaIdRules,
  report: Report,
): CaAddress | undefined {
  if (provider === "" && caId === "") return undefined;
  if (provider === "") {
    report("INVALID_REQUEST", `${path}.provider`, "is mandatory with ca_id");
  } else if (caId === "") {
    report("INVALID_REQUEST", `${path}.ca_id`, "is mandatory with provider");
  } else if (
    checkIdentifier(provider, `${path}.provider`, report) &&
    checkIdentifier(caId, `${path}.ca_id`, report)
  ) {
    const verdict = rules.check(provider, type, caId);
    switch (verdict.kind) {
      case "ok":
        break;
      case "unknown_provider":
        report("PROVIDER_NOT_FOUND", `${path}.provider`, "no provider has this name", {
          type: "provider",
          name: provider,
        });
        break;
      case "invalid":
        report("INVALID_REQUEST", `${path}.ca_id`, verdict.text);
        break;
    }
  }
  return { provider, caId };
}

/** The number must be one that each provider of the subscription's items can be told. */
function checkNumberAtProviders(
  { number }: SubscriptionDraft,
  items: readonly InstalledItem[],
  rules: CaIdRules,
  report: Report,
): void {
  for (const provider of new Set(items.flatMap(({ ca }) => ca?.provider ?? []))) {
    const verdict = rules.checkSubscriptionNumber(provider, number);
    // An unknown provider is told of where it is named.
    if (verdict.kind === "invalid") {
      report("INVALID_REQUEST", "number", `${verdict.text}, at provider ${provider}`);
    }
  }
}

function checkIdentifier(text: string, field: string, report: Report): boolean {
  const fault = identifierFault(text);
  if (fault !== undefined) report("INVALID_REQUEST", field, fault);
  return fault === undefined;
}

/** Two items of one subscription that could never be stored together. */
function reportRepeated(items: readonly InstalledItem[], report: Report): void {
  if (items.length < 2) return;
  const seen = new Set<string>();
  items.forEach((item, index) => {
    for (const { field, key } of [{ field: "id", key: `id ${item.id}` }, ...itemKeys(item)]) {
      if (seen.has(key)) {
        const text = "is that of an earlier item of the subscription too";
        report("INVALID_REQUEST", `installed_items[${index}].${field}`, text);
      }
      seen.add(key);
    }
  });
}
