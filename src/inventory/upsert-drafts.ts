import type { InventoryStore } from "../store/inventory-store.js";
import type { CaIdRules } from "./ca-id-rules.js";
import { type CheckedDraft, checkDraft } from "./check-draft.js";
import type { SubscriptionUpsert } from "./subscription.js";
import type { SubscriptionDraft } from "./subscription-draft.js";
import type { UpsertOptions, UpsertOutcome } from "./upsert-outcome.js";

/** Upserts subscriptions as they were sent; one outcome for each, in the same order. */
export type UpsertDrafts = (
  drafts: readonly SubscriptionDraft[],
  options: UpsertOptions,
) => Promise<UpsertOutcome[]>;

/** Checks drafts and stores the sound ones. */
export function draftUpserter(
  store: Pick<InventoryStore, "upsert">,
  rules: CaIdRules,
): UpsertDrafts {
  return async (drafts, options) => {
    const checked = await checkAll(drafts, rules);
    const sound: SubscriptionUpsert[] = [];
    for (const result of checked) if (result.kind === "sound") sound.push(result.upsert);
    const stored = (await store.upsert(sound, options)).values();
    return checked.map((result) => {
      if (result.kind === "refused") return result;
      const { value } = stored.next();
      if (value === undefined) throw new Error("the store left an upsert without an outcome");
      return value;
    });
  };
}

/** Before a provider is called unknown, the rules have another look. */
async function checkAll(
  drafts: readonly SubscriptionDraft[],
  rules: CaIdRules,
): Promise<CheckedDraft[]> {
  const checked = drafts.map((draft) => checkDraft(draft, rules));
  if (!checked.some(namesUnknownProvider)) return checked;
  await rules.refresh();
  return drafts.map((draft) => checkDraft(draft, rules));
}

function namesUnknownProvider(checked: CheckedDraft): boolean {
  return (
    checked.kind === "refused" &&
    checked.faults.some(({ reason }) => reason === "PROVIDER_NOT_FOUND")
  );
}
