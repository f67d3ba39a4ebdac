import { expect } from "chai";
import type { InventoryRows } from "../../src/inventory/inventory-view.js";
import { planUpserts } from "../../src/inventory/plan-upserts.js";
import type { SubscriptionUpsert } from "../../src/inventory/subscription.js";
import { applyWrites } from "./apply-writes.js";
import { card, inShort, subscription } from "./upserts.js";

const MERGE = { detachUnlistedItems: false };
const DETACH = { detachUnlistedItems: true };
const EMPTY: InventoryRows = { subscriptions: [], items: [] };

describe("planUpserts", () => {
  function plan(upserts: SubscriptionUpsert[], stored = EMPTY, options = MERGE) {
    const { outcomes, writes } = planUpserts(stored, upserts, options);
    return { short: outcomes.map(inShort), writes, rows: applyWrites(stored, writes) };
  }

  /** What is stored after these upserts. */
  function storedAfter(...upserts: SubscriptionUpsert[]): InventoryRows {
    return plan(upserts).rows;
  }

  const ownerOf = (rows: InventoryRows, id: string) =>
    rows.items.find((item) => item.id === id)?.subscriptionId;

  it("creates subscriptions with and without items", () => {
    const { short, rows } = plan([subscription("a", [card("1"), card("2")]), subscription("b")]);
    expect(short).to.deep.equal(["CREATED CREATED CREATED", "CREATED"]);
    expect(rows.subscriptions.map(({ id }) => id)).to.deep.equal(["S-a", "S-b"]);
    expect(rows.items.map(({ id }) => id)).to.deep.equal(["I-1", "I-2"]);
  });

  it("writes nothing for what is stored like this already", () => {
    const a = subscription("a", [card("1")]);
    const { short, writes } = plan([a, a], storedAfter(a));
    expect(short).to.deep.equal(["UNCHANGED UNCHANGED", "UNCHANGED UNCHANGED"]);
    expect(Object.values(writes).flat()).to.deep.equal([]);
  });

  it("merges: items that are not listed stay", () => {
    const stored = storedAfter(subscription("a", [card("1")]));
    const { short, rows } = plan([subscription("a", [card("2")])], stored);
    expect(short).to.deep.equal(["UPDATED CREATED"]);
    expect(rows.items.map(({ id }) => id)).to.have.members(["I-1", "I-2"]);
  });

  it("detaches unlisted items when asked to, and lets the new ones have what they had", () => {
    const stored = storedAfter(subscription("a", [card("1"), card("2")]));
    const swapped = card("3", { serialNumber: "SN-1", ca: card("2").ca });
    const { short, rows } = plan([subscription("a", [swapped])], stored, DETACH);
    expect(short).to.deep.equal(["UPDATED CREATED"]);
    expect(rows.items).to.deep.equal([{ ...swapped, subscriptionId: "S-a" }]);
  });

  it("calls a subscription updated that only lost items", () => {
    const stored = storedAfter(subscription("a", [card("1")]));
    expect(plan([subscription("a")], stored, DETACH).short).to.deep.equal(["UPDATED"]);
  });

  it("writes an item whole: what is not given is cleared", () => {
    const stored = storedAfter(subscription("a", [card("1")]));
    const bare = card("1", { alternativeCode: undefined, ca: undefined });
    const { short, rows } = plan([subscription("a", [bare])], stored);
    expect(short).to.deep.equal(["UPDATED UPDATED"]);
    expect(rows.items).to.deep.equal([{ ...bare, subscriptionId: "S-a" }]);
  });

  it("moves an item that was another subscription's, which has changed by that", () => {
    const stored = storedAfter(subscription("a", [card("1")]), subscription("b"));
    const { short, writes, rows } = plan([subscription("b", [card("1")])], stored);
    expect(short).to.deep.equal(["UPDATED UPDATED"]);
    expect(ownerOf(rows, "I-1")).to.equal("S-b");
    expect(writes.subscriptions.map(({ id }) => id)).to.have.members(["S-a", "S-b"]);
  });

  it("renames to a free number or serial, and refuses one that is in use", () => {
    const stored = storedAfter(subscription("a", [card("1")]), subscription("b", [card("2")]));
    const { short } = plan(
      [
        subscription("a", [card("1", { serialNumber: "new" })], "N-new"),
        subscription("a", [card("1", { serialNumber: "SN-2" })], "N-b"),
      ],
      stored,
    );
    expect(short).to.deep.equal([
      "UPDATED UPDATED",
      "VALUE_IN_USE number, VALUE_IN_USE installed_items[0].serial_number",
    ]);
  });

  it("refuses every value that another item has, and names the field", () => {
    const stored = storedAfter(subscription("a", [card("1")]));
    const thief = { ...card("1"), id: "I-2" };
    expect(plan([subscription("b", [thief])], stored).short).to.deep.equal([
      "VALUE_IN_USE installed_items[0].serial_number, " +
        "VALUE_IN_USE installed_items[0].alternative_code, " +
        "VALUE_IN_USE installed_items[0].ca_id",
    ]);
  });

  it("takes a CA id as unique for its provider and item type only", () => {
    const same = { provider: "nds-main", caId: "CA-1" };
    const { short } = plan([
      subscription("a", [
        card("1", { ca: same }),
        card("2", { ca: same, type: "SET_TOP_BOX" }),
        card("3", { ca: { ...same, provider: "nds-other" } }),
      ]),
    ]);
    expect(short).to.deep.equal(["CREATED CREATED CREATED CREATED"]);
  });

  it("lets items of one subscription exchange their values", () => {
    const stored = storedAfter(subscription("a", [card("1"), card("2")]));
    const { short, rows } = plan(
      [
        subscription("a", [
          { ...card("2"), id: "I-1" },
          { ...card("1"), id: "I-2" },
        ]),
      ],
      stored,
    );
    expect(short).to.deep.equal(["UPDATED UPDATED UPDATED"]);
    expect(rows.items.map(({ id, serialNumber }) => `${id} ${serialNumber}`)).to.have.members([
      "I-1 SN-2",
      "I-2 SN-1",
    ]);
  });

  it("is all or nothing for each subscription", () => {
    const { short, rows } = plan([
      subscription("a", [card("1")]),
      subscription("b", [card("2"), card("3", { serialNumber: "SN-1" })]),
    ]);
    expect(short).to.deep.equal([
      "CREATED CREATED",
      "VALUE_IN_USE installed_items[1].serial_number",
    ]);
    expect(rows.subscriptions.map(({ id }) => id)).to.deep.equal(["S-a"]);
    expect(rows.items.map(({ id }) => id)).to.deep.equal(["I-1"]);
  });

  it("shows each subscription what those before it in the batch did", () => {
    const stored = storedAfter(subscription("a", [card("1")]));
    const { short, rows } = plan(
      [
        subscription("a", [card("1", { serialNumber: "other" })], "N-other"),
        subscription("b", [card("2", { serialNumber: "SN-1" })], "N-a"),
        subscription("c", [card("1", { serialNumber: "other" })]),
      ],
      stored,
    );
    expect(short).to.deep.equal(["UPDATED UPDATED", "CREATED CREATED", "CREATED UPDATED"]);
    expect(ownerOf(rows, "I-1")).to.equal("S-c");
  });
});
