import { expect } from "chai";
import fc from "fast-check";
import type { InventoryRows } from "../../src/inventory/inventory-view.js";
import { planUpserts } from "../../src/inventory/plan-upserts.js";
import type { Subscription, SubscriptionUpsert } from "../../src/inventory/subscription.js";
import type { InventoryStore } from "../../src/store/inventory-store.js";
import { anyUpserts } from "../inventory/any-upserts.js";
import { applyWrites } from "../inventory/apply-writes.js";
import { card, inShort, subscription } from "../inventory/upserts.js";

/** A store over a database of its own. */
export interface OpenInventory {
  readonly store: InventoryStore;
  /** Runs a statement beside the store. */
  execute(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

const MERGE = { detachUnlistedItems: false };
const DETACH = { detachUnlistedItems: true };

/** What every inventory store has to do, whatever its database. */
export function inventoryStoreConformance(open: () => Promise<OpenInventory>): void {
  let opened: OpenInventory;
  let store: InventoryStore;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.close());

  const upsert = async (upserts: SubscriptionUpsert[], options = MERGE) =>
    (await store.upsert(upserts, options)).map(inShort);

  const bare = (found: Subscription | undefined) =>
    found && { id: found.id, number: found.number, items: found.items };

  it("stores subscriptions and finds them by id and by number", async () => {
    const a = subscription("a", [card("1"), card("2", { alternativeCode: undefined })]);
    const b = subscription("b", [card("3", { ca: undefined, type: "SET_TOP_BOX" })]);
    const c = subscription("c");
    expect(await upsert([a, b, c])).to.deep.equal([
      "CREATED CREATED CREATED",
      "CREATED CREATED",
      "CREATED",
    ]);
    expect(bare(await store.get({ by: "id", value: "S-a" }))).to.deep.equal(a);
    expect(bare(await store.get({ by: "number", value: "N-b" }))).to.deep.equal(b);
    expect(bare(await store.get({ by: "id", value: "S-c" }))).to.deep.equal(c);
    expect(await store.get({ by: "id", value: "N-a" })).to.equal(undefined);
  });

  it("compares identifiers exactly", async () => {
    await upsert([subscription("é"), subscription("e\u0301"), subscription("E")]);
    expect(bare(await store.get({ by: "id", value: "S-e\u0301" }))?.number).to.equal("N-e\u0301");
    expect(await store.get({ by: "id", value: "S-e" })).to.equal(undefined);
  });

  it("takes any text that the rules let through", async () => {
    const odd = `'"\\%_?$now😀`;
    await upsert([subscription(odd, [card(odd)])]);
    expect((await store.get({ by: "id", value: `S-${odd}` }))?.items).to.deep.equal([card(odd)]);
  });

  it("keeps the created date, and dates a change of the items or the number", async () => {
    const dates = async () => {
      const found = await store.get({ by: "id", value: "S-a" });
      return [found?.createdDate, found?.updatedDate];
    };
    await upsert([subscription("a", [card("1")])]);
    const [created, updated] = await dates();
    expect(updated).to.equal(created);
    // A later millisecond than that of the creation.
    while (Date.now() <= (created ?? 0)) await new Promise((resolve) => setImmediate(resolve));
    await upsert([subscription("a", [card("1")])]);
    expect(await dates(), "unchanged").to.deep.equal([created, created]);
    await upsert([subscription("b", [card("1")])]);
    const [stillCreated, moved] = await dates();
    expect(stillCreated).to.equal(created);
    expect(moved, "an item moved away").to.be.greaterThan(created ?? 0);
  });

  it("detaches what is not listed when asked to", async () => {
    await upsert([subscription("a", [card("1"), card("2")])]);
    expect(await upsert([subscription("a", [card("2"), card("3")])], DETACH)).to.deep.equal([
      "UPDATED UNCHANGED CREATED",
    ]);
    const found = await store.get({ by: "id", value: "S-a" });
    expect(found?.items.map(({ id }) => id)).to.deep.equal(["I-2", "I-3"]);
  });

  it("passes unique values on inside one batch", async () => {
    await upsert([subscription("a", [card("1")]), subscription("b", [card("2")])]);
    const renamed = await upsert([
      subscription("a", [card("1", { serialNumber: "free" })], "N-free"),
      subscription("b", [card("2", { serialNumber: "SN-1" })], "N-a"),
      subscription("a", [card("1", { serialNumber: "SN-2" })], "N-b"),
    ]);
    expect(renamed).to.deep.equal(["UPDATED UPDATED", "UPDATED UPDATED", "UPDATED UPDATED"]);
    expect((await store.get({ by: "number", value: "N-b" }))?.items).to.deep.equal([
      card("1", { serialNumber: "SN-2" }),
    ]);
  });

  it("does what the plan says, for any history", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyUpserts, { maxLength: 3 }),
        fc.boolean(),
        async (all, detach) => {
          const options = { detachUnlistedItems: detach };
          await opened.execute("DELETE FROM installed_items");
          await opened.execute("DELETE FROM subscriptions");
          let rows: InventoryRows = { subscriptions: [], items: [] };
          for (const batch of all) {
            const plan = planUpserts(rows, batch, options);
            rows = applyWrites(rows, plan.writes);
            expect(await store.upsert(batch, options)).to.deep.equal(plan.outcomes);
          }
          const { subscriptions } = await store.list({
            provider: undefined,
            after: undefined,
            limit: 1000,
          });
          expect(subscriptions.map(({ id, number }) => ({ id, number }))).to.have.deep.members(
            rows.subscriptions.map(({ id, number }) => ({ id, number })),
          );
          const items = subscriptions.flatMap(({ id, items }) =>
            items.map((item) => ({ ...item, subscriptionId: id })),
          );
          expect(items).to.have.deep.members([...rows.items]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("stores a thousand subscriptions of a thousand items altogether, in order", async () => {
    const many = Array.from({ length: 1000 }, (_, n) =>
      subscription(`${n}`, n % 2 === 0 ? [card(`${n}`)] : []),
    );
    const outcomes = await upsert(many);
    expect(outcomes).to.deep.equal(
      many.map(({ items }) => (items[0] ? "CREATED CREATED" : "CREATED")),
    );
    expect(await upsert(many.toReversed())).to.deep.equal(
      many.toReversed().map(({ items }) => (items[0] ? "UNCHANGED UNCHANGED" : "UNCHANGED")),
    );
  });

  it("comes to one result when several write the same at once", async () => {
    const writers = Array.from({ length: 4 }, (_, writer) => {
      const upserts = Array.from({ length: 50 }, (_, n) => subscription(`${n}`, [card(`${n}`)]));
      return upsert(writer % 2 === 0 ? upserts : upserts.toReversed());
    });
    const outcomes = (await Promise.all(writers)).flat();
    expect(outcomes.filter((outcome) => outcome === "CREATED CREATED")).to.have.length(50);
    expect(outcomes.filter((outcome) => outcome === "UNCHANGED UNCHANGED")).to.have.length(150);
  });

  it("lets one of several have a value that all of them want", async () => {
    const wanted = { serialNumber: "wanted" };
    const writers = Array.from({ length: 8 }, (_, n) =>
      upsert([subscription(`${n}`, [card(`${n}`, wanted)])]),
    );
    const outcomes = (await Promise.all(writers)).flat();
    expect(outcomes.filter((outcome) => outcome === "CREATED CREATED")).to.have.length(1);
    expect(
      outcomes.filter((outcome) => outcome === "VALUE_IN_USE installed_items[0].serial_number"),
    ).to.have.length(7);
  });

  describe("lists", () => {
    const page = async (limit: number, after?: string, provider?: string) => {
      const { subscriptions, more } = await store.list({ provider, after, limit });
      return [...subscriptions.map(({ id, items }) => `${id}:${items.length}`), more];
    };

    beforeEach(() =>
      upsert([
        subscription("b", [card("2", { ca: { provider: "other", caId: "1" } })]),
        subscription("a", [card("1"), card("3", { ca: undefined })]),
        subscription("c"),
        subscription("d", [card("4"), card("5")]),
      ]),
    );

    it("all subscriptions by id, a page at a time", async () => {
      expect(await page(4)).to.deep.equal(["S-a:2", "S-b:1", "S-c:0", "S-d:2", false]);
      expect(await page(2)).to.deep.equal(["S-a:2", "S-b:1", true]);
      expect(await page(2, "S-b")).to.deep.equal(["S-c:0", "S-d:2", false]);
      expect(await page(2, "S-d")).to.deep.equal([false]);
    });

    it("the subscriptions of one provider, each with all its items", async () => {
      expect(await page(1, undefined, "nds-main")).to.deep.equal(["S-a:2", true]);
      expect(await page(9, "S-a", "nds-main")).to.deep.equal(["S-d:2", false]);
      expect(await page(9, undefined, "other")).to.deep.equal(["S-b:1", false]);
      expect(await page(9, undefined, "nobody")).to.deep.equal([false]);
    });
  });

  it("ends a page early rather than hold too many items", async () => {
    for (let n = 0; n < 12; n += 1) {
      const items = Array.from({ length: 1000 }, (_, i) => card(`${n}-${i}`));
      await upsert([subscription(n < 10 ? "big" : `small-${n}`, items)]);
    }
    await upsert([subscription("big", [card("one-more")])]);
    const first = await store.list({ provider: undefined, after: undefined, limit: 10 });
    expect(first.subscriptions.map(({ items }) => items.length)).to.deep.equal([10_001]);
    expect(first.more).to.equal(true);
    const second = await store.list({ provider: undefined, after: "S-big", limit: 10 });
    expect(second.subscriptions).to.have.length(2);
    expect(second.more).to.equal(false);
  });
}
