import { expect } from "chai";
import { InstalledItem_Type } from "../../src/gen/provisioning/v1/installed_item.js";
import type { UpsertSubscriptionsResponse_Result } from "../../src/gen/provisioning/v1/inventory_service.js";
import type { Subscription } from "../../src/gen/provisioning/v1/subscription.js";
import { call, failureOf } from "../support/rpc-client.js";
import { withToken } from "../support/rpc-server.js";
import { DATABASES } from "../support/stores.js";
import { type InventoryService, startInventoryService } from "./inventory-service.js";

/** A subscription with one card, both named by a number; without one, with no items. */
function message(name: string, card?: number, number = `N-${name}`): Subscription {
  const item = {
    id: `I-${card}`,
    type: InstalledItem_Type.TYPE_SMARTCARD,
    serialNumber: `SN-${card}`,
    alternativeCode: "",
    caId: `${10_000_000 + (card ?? 0)}`,
    provider: "nds-main",
  };
  return {
    id: `S-${name}`,
    number,
    installedItems: card === undefined ? [] : [item],
    createdDate: undefined,
    updatedDate: undefined,
  };
}

function inShort({ outcome }: UpsertSubscriptionsResponse_Result): string {
  if (outcome?.$case === "status") return `${outcome.value.code} ${outcome.value.message}`;
  return outcome?.value ?? "nothing";
}

for (const target of DATABASES) {
  describe(`InventoryService on ${target.title}`, () => {
    let service: InventoryService;
    beforeEach(async () => {
      service = await startInventoryService(target);
    });
    afterEach(() => service.stop());

    const upsert = async (subscriptions: Subscription[], detachUnlistedItems = false) => {
      const request = { subscriptions, detachUnlistedItems };
      const { client } = service;
      return (await call(client, client.upsertSubscriptions, request)).results.map(inShort);
    };
    const get = (identifier: { $case: "id" | "number"; value: string } | undefined) => {
      const { client } = service;
      const subscriptionIdentifier = identifier && { identifier };
      return call(client, client.getSubscription, { subscriptionIdentifier });
    };
    const list = (pageSize: number, pageToken = "", provider = "") => {
      const { client } = service;
      return call(client, client.listSubscriptions, { pageSize, pageToken, provider });
    };

    it("upserts and answers each subscription in its place", async () => {
      expect(await upsert([message("a", 1), message("b")])).to.deep.equal([
        "CHANGE_CREATED",
        "CHANGE_CREATED",
      ]);
      const results = await upsert([
        message("a", 1),
        message("c", undefined, "N-a"),
        message("b", 2),
        { ...message("d", 3), installedItems: [] },
      ]);
      expect(results).to.deep.equal([
        "CHANGE_UNCHANGED",
        "6 number: is the number of subscription S-a",
        "CHANGE_UPDATED",
        "CHANGE_CREATED",
      ]);
    });

    it("answers faults of format with the subscription's own status", async () => {
      const bad = { ...message("a", 1), id: "a\u0000" };
      const other = message("b", 2);
      for (const item of other.installedItems) item.provider = "nobody";
      expect(await upsert([bad, other, message("c", 3)])).to.deep.equal([
        "3 id: must not hold control characters",
        "5 installed_items[0].provider: no provider has this name",
        "CHANGE_CREATED",
      ]);
    });

    it("fails as a whole on the number of subscriptions and without a token", async () => {
      for (const count of [0, 1001]) {
        const failure = await failureOf(upsert(Array.from({ length: count }, () => message("a"))));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        expect(failure.message).to.equal(`subscriptions: must be 1 to 1000, and are ${count}`);
      }
      const { client } = service;
      const request = { subscriptions: [message("a")], detachUnlistedItems: false };
      const metadata = withToken("wrong");
      const wrong = call(client, client.upsertSubscriptions, request, { metadata });
      expect(await failureOf(wrong)).to.include({ code: "UNAUTHENTICATED" });
    });

    it("swaps a card when unlisted items are detached", async () => {
      await upsert([message("a", 1)]);
      expect(await upsert([message("a", 2)], true)).to.deep.equal(["CHANGE_UPDATED"]);
      const { subscription } = await get({ $case: "number", value: "N-a" });
      expect(subscription?.installedItems.map(({ id }) => id)).to.deep.equal(["I-2"]);
    });

    it("gets a subscription as it was sent, with its dates", async () => {
      await upsert([message("a", 1)]);
      const { subscription } = await get({ $case: "id", value: "S-a" });
      expect(subscription?.createdDate?.seconds).to.be.greaterThan(1_600_000_000);
      expect(subscription?.updatedDate).to.deep.equal(subscription?.createdDate);
      expect({ ...subscription, createdDate: undefined, updatedDate: undefined }).to.deep.equal(
        message("a", 1),
      );
    });

    it("says which subscription it has not found, and what an identifier lacks", async () => {
      const unknown = await failureOf(get({ $case: "number", value: "N-a" }));
      expect(unknown).to.include({ code: "NOT_FOUND", reason: "SUBSCRIPTION_NOT_FOUND" });
      expect(unknown.message).to.match(/^subscription_identifier\.number: /);
      for (const identifier of [undefined, { $case: "id", value: "" } as const]) {
        const failure = await failureOf(get(identifier));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
      }
    });

    it("lists by pages whose tokens are bound to the filter", async () => {
      await upsert([message("a", 1), message("b"), message("c", 2)]);
      const first = await list(2);
      expect(first.subscriptions.map(({ id }) => id)).to.deep.equal(["S-a", "S-b"]);
      const second = await list(2, first.nextPageToken);
      expect(second.subscriptions.map(({ id }) => id)).to.deep.equal(["S-c"]);
      expect(second.nextPageToken).to.equal("");
      const filtered = await list(0, "", "nds-main");
      expect(filtered.subscriptions.map(({ id }) => id)).to.deep.equal(["S-a", "S-c"]);
      expect((await list(0, "", "nobody")).subscriptions).to.deep.equal([]);

      for (const wrong of [list(2, first.nextPageToken, "nds-main"), list(2, "x"), list(-1)]) {
        expect(await failureOf(wrong)).to.include({ code: "INVALID_ARGUMENT" });
      }
    });

    it("imports a stream and counts over all its messages", async () => {
      const part = (...subscriptions: Subscription[]) => ({
        subscriptions,
        detachUnlistedItems: false,
      });
      const response = await service.import([
        part(message("a", 1), message("b", 1, "N-a")),
        part(message("a", 1), message("a", 2), message("c", undefined, "N-a")),
      ]);
      expect(response).to.deep.include({
        created: 1n,
        updated: 1n,
        unchanged: 1n,
        rejected: 2n,
      });
      expect(response.rejections.map(({ index, status }) => [index, status?.code])).to.deep.equal([
        [1n, 6],
        [4n, 6],
      ]);
    });

    it("tells the first hundred refusals of an import and counts all", async () => {
      const subscriptions = Array.from({ length: 150 }, () => message("", undefined, ""));
      const response = await service.import([{ subscriptions, detachUnlistedItems: false }]);
      expect(response.rejected).to.equal(150n);
      expect(response.rejections.map(({ index }) => Number(index))).to.deep.equal(
        Array.from({ length: 100 }, (_, index) => index),
      );
    });

    it("ends an import at a message without subscriptions, and keeps what came before", async () => {
      const requests = [[message("a", 1)], [], [message("b", 2)]].map((subscriptions) => ({
        subscriptions,
        detachUnlistedItems: false,
      }));
      expect(await failureOf(service.import(requests))).to.include({
        code: "INVALID_ARGUMENT",
        reason: "INVALID_REQUEST",
      });
      const { subscriptions } = await list(0);
      expect(subscriptions.map(({ id }) => id)).to.deep.equal(["S-a"]);
    });
  });
}
