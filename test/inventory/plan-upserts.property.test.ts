import { expect } from "chai";
import fc from "fast-check";
import type { InstalledItem } from "../../src/inventory/installed-item.js";
import type { InventoryRows } from "../../src/inventory/inventory-view.js";
import { planUpserts } from "../../src/inventory/plan-upserts.js";
import type { SubscriptionUpsert } from "../../src/inventory/subscription.js";
import { anyUpserts } from "./any-upserts.js";
import { applyWrites } from "./apply-writes.js";

/** The inventory in an order that does not depend on how it came about. */
function sorted(rows: InventoryRows): InventoryRows {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    subscriptions: rows.subscriptions.toSorted(byId),
    items: rows.items.toSorted(byId),
  };
}

/** Plans and applies a history, a batch at a time. */
function replay(batches: readonly (readonly SubscriptionUpsert[])[], detachUnlistedItems: boolean) {
  let rows: InventoryRows = { subscriptions: [], items: [] };
  const outcomes = batches.flatMap((batch) => {
    const plan = planUpserts(rows, batch, { detachUnlistedItems });
    rows = applyWrites(rows, plan.writes);
    return plan.outcomes;
  });
  return { rows: sorted(rows), outcomes };
}

const bare = ({ id, type, serialNumber, alternativeCode, ca }: InstalledItem): InstalledItem => ({
  id,
  type,
  serialNumber,
  alternativeCode,
  ca,
});

describe("planUpserts, for any history", () => {
  it("never stores a value twice, and comes to the same in one batch as one by one", () => {
    fc.assert(
      fc.property(anyUpserts, fc.boolean(), (upserts, detach) => {
        const together = replay([upserts], detach);
        const apart = replay(
          upserts.map((upsert) => [upsert]),
          detach,
        );
        expect(together).to.deep.equal(apart);
      }),
      { numRuns: 500 },
    );
  });

  it("has written exactly what it says of the last subscription", () => {
    fc.assert(
      fc.property(anyUpserts, fc.boolean(), (upserts, detach) => {
        const before = replay([upserts.slice(0, -1)], detach).rows;
        const { rows, outcomes } = replay([upserts], detach);
        const last = upserts.at(-1);
        const outcome = outcomes.at(-1);
        if (last === undefined || outcome === undefined) return;
        if (outcome.kind === "refused" || outcome.change === "UNCHANGED") {
          expect(rows).to.deep.equal(before);
          return;
        }
        const known = before.subscriptions.some(({ id }) => id === last.id);
        expect(outcome.change).to.equal(known ? "UPDATED" : "CREATED");
        const stored = rows.subscriptions.find(({ id }) => id === last.id);
        expect(stored?.number).to.equal(last.number);
        const items = rows.items.filter(({ subscriptionId }) => subscriptionId === last.id);
        expect(items.map(bare)).to.include.deep.members(last.items.map(bare));
        if (detach) expect(items).to.have.length(last.items.length);
      }),
      { numRuns: 500 },
    );
  });

  it("notes each item that a subscription no longer has, and no other", () => {
    fc.assert(
      fc.property(fc.array(anyUpserts, { maxLength: 4 }), fc.boolean(), (batches, detach) => {
        let rows: InventoryRows = { subscriptions: [], items: [] };
        for (const batch of batches) {
          const { writes } = planUpserts(rows, batch, { detachUnlistedItems: detach });
          const before = rows.items;
          rows = applyWrites(rows, writes);
          const gone = before.filter(
            ({ id, subscriptionId }) =>
              !rows.items.some((item) => item.id === id && item.subscriptionId === subscriptionId),
          );
          const expected = gone.map(({ id, subscriptionId }) => ({ itemId: id, subscriptionId }));
          expect(writes.formerItems).to.have.deep.members(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("finds the last subscription unchanged when it is sent again", () => {
    fc.assert(
      fc.property(anyUpserts, fc.boolean(), (upserts, detach) => {
        const last = upserts.at(-1);
        const { outcomes } = replay([upserts, last === undefined ? [] : [last]], detach);
        const [first, second] = outcomes.slice(-2);
        if (first?.kind !== "stored") expect(second).to.deep.equal(first);
        else expect(second).to.include({ kind: "stored", change: "UNCHANGED" });
      }),
      { numRuns: 500 },
    );
  });
});
