import { expect } from "chai";
import type { CaIdRules } from "../../src/inventory/ca-id-rules.js";
import type { SubscriptionUpsert } from "../../src/inventory/subscription.js";
import { draftUpserter } from "../../src/inventory/upsert-drafts.js";
import type { UpsertOutcome } from "../../src/inventory/upsert-outcome.js";
import { NDS_RULES } from "./ca-id-rules.js";
import { inShort } from "./upserts.js";

const MERGE = { detachUnlistedItems: false };

/** A store that stores nothing and remembers what it was asked. */
function fakeStore() {
  const asked: SubscriptionUpsert[] = [];
  return {
    asked,
    async upsert(upserts: readonly SubscriptionUpsert[]): Promise<UpsertOutcome[]> {
      asked.push(...upserts);
      return upserts.map(({ items }) => ({
        kind: "stored",
        change: "CREATED",
        itemChanges: items.map(() => "CREATED"),
      }));
    },
  };
}

function draft(id: string, provider = "nds-main") {
  const item = { id: `I-${id}`, type: "SMARTCARD", serialNumber: id, alternativeCode: "" };
  return { id, number: `N-${id}`, items: [{ ...item, caId: "12345678", provider }] };
}

describe("draftUpserter", () => {
  it("stores the sound drafts, and answers in the order of all", async () => {
    const store = fakeStore();
    const drafts = [draft("a"), draft(""), draft("b"), draft("c", "nobody")];
    const outcomes = await draftUpserter(store, NDS_RULES)(drafts, MERGE);
    expect(outcomes.map(inShort)).to.deep.equal([
      "CREATED CREATED",
      "INVALID_REQUEST id, INVALID_REQUEST installed_items[0].serial_number",
      "CREATED CREATED",
      "PROVIDER_NOT_FOUND installed_items[0].provider",
    ]);
    expect(store.asked.map(({ id }) => id)).to.deep.equal(["a", "b"]);
  });

  it("looks for a provider that another process may have made before it calls it unknown", async () => {
    let refreshed = 0;
    const rules: CaIdRules = {
      check: (provider) =>
        provider === "new" && refreshed > 0 ? { kind: "ok" } : { kind: "unknown_provider" },
      checkSubscriptionNumber: () => ({ kind: "ok" }),
      async refresh() {
        refreshed += 1;
      },
    };
    const upsert = draftUpserter(fakeStore(), rules);
    const outcomes = await upsert([draft("a", "new"), draft("b", "old")], MERGE);
    expect(outcomes.map(inShort)).to.deep.equal([
      "CREATED CREATED",
      "PROVIDER_NOT_FOUND installed_items[0].provider",
    ]);
    expect(refreshed).to.equal(1);
  });
});
