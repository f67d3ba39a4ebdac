import { expect } from "chai";
import type { InstalledItem } from "../../../src/inventory/installed-item.js";
import { systemClock } from "../../../src/requests/clock.js";
import { knexInventoryStore } from "../../../src/store/knex/knex-inventory-store.js";
import type { RequestFilter } from "../../../src/store/request-store.js";
import type { StoreStage } from "./stage.js";

const card = (id: string): InstalledItem => ({
  id,
  type: "SMARTCARD",
  serialNumber: `serial-${id}`,
  alternativeCode: undefined,
  ca: { provider: "alpha", caId: `ca-${id}` },
});

/** What a subscription's list shows when its cards go to others, or to nobody. */
export function describeFormerItems(stage: StoreStage): void {
  const list = async (filter: RequestFilter) =>
    (
      await stage.requests.list({
        filter,
        limit: 1000,
        after: undefined,
        oldestFirst: true,
        full: false,
      })
    ).map((request) => request.number);
  const ofSubscription = (value: string) => list({ subscription: { by: "id", value } });
  const store = async (card: string, subscription = "sub-1") =>
    (await stage.storeOne({ card, subscription: { by: "id", value: subscription } })).number;
  const upsert = async (id: string, cards: readonly string[], detachUnlistedItems = false) => {
    const inventory = knexInventoryStore(stage.database, systemClock);
    const one = { id, number: id.replace("sub", "S"), items: cards.map(card) };
    const [outcome] = await inventory.upsert([one], { detachUnlistedItems });
    expect(outcome?.kind).to.equal("stored");
  };

  describe("requests of a subscription's former cards", () => {
    it("stay in its list, and are in no other's, wherever the cards go", async () => {
      const before = [await store("card-0"), await store("card-1"), await store("card-2")];
      await upsert("sub-2", ["card-1"]);
      const after = [await store("card-1", "sub-2"), await store("foreign", "sub-2")];
      await upsert("sub-1", ["card-0"], true);
      expect(await ofSubscription("sub-1")).to.deep.equal(before);
      expect(await ofSubscription("sub-2")).to.deep.equal(after);
      expect(await list({ smartcard: { by: "id", value: "card-1" } })).to.deep.equal([
        before[1],
        after[0],
      ]);
      await upsert("sub-1", ["card-1"]);
      const back = await store("card-1");
      expect(await ofSubscription("sub-1")).to.deep.equal([...before, back]);
      expect(await ofSubscription("sub-2")).to.deep.equal(after);
      const narrowed: RequestFilter = {
        subscription: { by: "number", value: "S-1" },
        lifeCycleStates: ["PENDING"],
        smartcard: { by: "serial_number", value: "serial-card-1" },
      };
      expect(await list(narrowed)).to.deep.equal([before[1], back]);
    });

    it("are found in a database that an earlier version has left", async () => {
      const numbers = [await store("card-0"), await store("card-1"), await store("card-2")];
      await upsert("sub-2", ["card-1"]);
      await upsert("sub-1", ["card-0"], true);
      for (const statement of [
        "DROP TABLE former_items",
        "CREATE INDEX requests_subscription ON requests (subscription_id)",
        "DELETE FROM knex_migrations WHERE name = '0009-former-items'",
      ]) {
        await stage.execute(statement);
      }
      await (await stage.openAnother()).close();
      expect(await ofSubscription("sub-1")).to.deep.equal(numbers);
      expect(await ofSubscription("sub-2")).to.deep.equal([]);
      const kept = await stage.database.reader.all("SELECT item_id FROM former_items ORDER BY 1");
      expect(kept).to.deep.equal([{ item_id: "card-1" }, { item_id: "card-2" }]);
    });
  });
}
