import { credentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { InstalledItem_Type as ItemType } from "../../src/gen/provisioning/v1/installed_item.js";
import {
  InventoryServiceClient,
  UpsertSubscriptionsRequest,
} from "../../src/gen/provisioning/v1/inventory_service.js";
import { call } from "../support/rpc-client.js";
import { caIdOf, PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const CARD_1 = {
  id: "card-1",
  type: ItemType.TYPE_SMARTCARD,
  serialNumber: "moved",
  caId: caIdOf(1),
  provider: PROVIDER,
};
const subscription = (value: string) => ({ identifier: { $case: "id" as const, value } });

for (const database of ONE_OF_EACH) {
  describe(`a card that moves to another subscription, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("leaves its requests in the list of the one that it had", async () => {
      const { api, service } = await worlds.start();
      const inventory = new InventoryServiceClient(service.grpc, credentials.createInsecure());
      const listOf = async (id: string) =>
        (await api.all({ subscriptionIdentifier: subscription(id) })).map(({ number }) => number);
      try {
        const before = [await api.create("card-0"), await api.create("card-1")];
        const upsert = UpsertSubscriptionsRequest.fromPartial({
          subscriptions: [{ id: "sub-2", number: "S-2", installedItems: [CARD_1] }],
        });
        await call(inventory, inventory.upsertSubscriptions, upsert);
        const after = await api.create("card-1", { subscriptionIdentifier: subscription("sub-2") });
        expect(await listOf("sub-1")).to.deep.equal(before.map(({ number }) => number));
        expect(await listOf("sub-2")).to.deep.equal([after.number]);
      } finally {
        inventory.close();
      }
    });
  });
}
