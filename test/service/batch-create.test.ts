import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ErrorInfo } from "../../src/gen/google/rpc/error_details.js";
import type { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import type { BatchCreateProvisioningRequestsResponse_Result as Result } from "../../src/gen/provisioning/v1/provisioning_service.js";
import {
  itemOf,
  ProvisioningCalls,
  pinItem,
  reauthoriseItem,
} from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { isEnded } from "../support/world/api.js";
import { eventually, present } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** The stored request of a result, or the reason of its status. */
function outcomeOf({ outcome }: Result): ProvisioningRequest | string {
  switch (outcome?.$case) {
    case "created":
      return outcome.value;
    case "status": {
      const [info] = outcome.value.details;
      return ErrorInfo.decode(present(info).value).reason;
    }
    case undefined:
      throw new Error("a result without an outcome");
  }
}

function createdOf(result: Result | undefined): ProvisioningRequest {
  const outcome = outcomeOf(present(result));
  if (typeof outcome === "string") throw new Error(`refused: ${outcome}`);
  return outcome;
}

/** Ids of the stored requests, reasons of the others. */
function told(results: readonly Result[]): string[] {
  return results.map(outcomeOf).map((one) => (typeof one === "string" ? one : one.id));
}

for (const database of ONE_OF_EACH) {
  describe(`BatchCreateProvisioningRequests on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      return { world, api: world.api, ca: world.ca, calls: new ProvisioningCalls(world) };
    }

    it("sends a thousand items in the order of the array, card by card", async () => {
      const { api, ca, calls } = await start();
      const cards = Array.from({ length: 1000 }, (_, i) => i % 24);
      const results = await calls.batchCreate(
        cards.map((card, i) => (i % 3 === 0 ? pinItem(card, "1234") : reauthoriseItem(card))),
      );
      const requests = results.map(createdOf);
      expect(requests.map(({ smartcard }) => smartcard?.id)).to.deep.equal(
        cards.map((card) => `card-${card}`),
      );
      const numbers = requests.map(({ number }) => Number(number));
      expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
      await ca.reaches(1000, "arrival");
      const ended = await eventually(
        "all to end",
        () => api.all(),
        (all) => all.every(isEnded),
      );
      expect(ended).to.have.lengthOf(1000);
      for (const card of new Set(cards)) {
        const lane = ended.filter(({ smartcard }) => smartcard?.id === `card-${card}`);
        const sent = lane.map(({ transactionNumber }) => Number(transactionNumber));
        const caId = present(lane[0]?.smartcard).caId;
        const arrived = ca.of("arrival").filter((entry) => entry.card === caId);
        expect(arrived.map(({ txn }) => txn)).to.deep.equal(sent);
      }
    });

    it("refuses items by themselves, whatever is wrong with them", async () => {
      const { api, calls } = await start({ caUp: false });
      const results = await calls.batchCreate([
        reauthoriseItem(0),
        { command: undefined },
        reauthoriseItem("unknown"),
        pinItem(1, "12"),
        reauthoriseItem(2, { processImmediately: true }),
        reauthoriseItem(3, { subscriptionIdentifier: undefined, requestId: "42" }),
        pinItem("foreign", "1234"),
        pinItem(4, { $case: "resetPin", value: true }),
      ]);
      expect(
        results.map(outcomeOf).map((one) => (typeof one === "string" ? one : "stored")),
      ).to.deep.equal([
        "stored",
        "INVALID_REQUEST",
        "SMARTCARD_NOT_FOUND",
        "VALUE_NOT_SENDABLE",
        "INVALID_REQUEST",
        "INVALID_REQUEST",
        "SMARTCARD_NOT_OF_SUBSCRIPTION",
        "stored",
      ]);
      const messages = results.map(({ outcome }) =>
        outcome?.$case === "status" ? outcome.value.message : "",
      );
      const named = [/^command: /, /^new_pin: /, /^process_immediately: /];
      for (const [place, pattern] of [1, 3, 4].map((at, i) => [at, named[i]] as const)) {
        expect(messages[place]).to.match(present(pattern));
      }
      expect(messages[5]).to.contain("subscription_identifier: ").and.to.contain("request_id: ");
      expect(await api.all()).to.have.lengthOf(2);
    });

    it("answers all that it stored, though all of it would be too much for one message", async () => {
      const codes = Array.from({ length: 64 }, (_, i) => `PACKAGE-${i}-${"x".repeat(40)}`);
      const services = Object.fromEntries(codes.map((code, i) => [code, `${i}`.padStart(32, "0")]));
      const { api, calls } = await start({ caUp: false, providers: [{ services }] });
      const items = Array.from({ length: 1000 }, (_, i) =>
        itemOf("cancelServices", i % 24, { services: codes }, { requestId: randomUUID() }),
      );
      const results = await calls.batchCreate(items);
      const numbers = results.map((result) => createdOf(result).number);
      expect(numbers).to.deep.equal(items.map((_, i) => BigInt(i + 1)));
      expect(told(await calls.batchCreate(items))).to.deep.equal(told(results));
      const { parameters } = await api.get(1000n);
      expect(parameters?.command).to.have.nested.property("value.services[63].code", codes[63]);
    });

    it("answers with nothing but statuses when every item is refused", async () => {
      const { calls } = await start({ caUp: false });
      const results = await calls.batchCreate([{ command: undefined }, { command: undefined }]);
      expect(told(results)).to.deep.equal(["INVALID_REQUEST", "INVALID_REQUEST"]);
    });

    it("fails as a whole on the number of items", async () => {
      const { api, calls } = await start({ caUp: false });
      const items = Array.from({ length: 1001 }, () => reauthoriseItem(0));
      for (const wrong of [[], items]) {
        const failure = await failureOf(calls.batchCreate(wrong));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        expect(failure.badRequest?.fieldViolations[0]?.field).to.equal("items");
      }
      expect(await api.all()).to.deep.equal([]);
    });

    it("joins items with the same request_id, in their places", async () => {
      const { api, calls } = await start({ caUp: false });
      const requestId = randomUUID();
      const results = await calls.batchCreate([
        reauthoriseItem("bare", { requestId }),
        reauthoriseItem(0, { requestId }),
        reauthoriseItem(0),
        reauthoriseItem(0, { requestId: requestId.toUpperCase() }),
        reauthoriseItem(1, { requestId }),
        pinItem(0, "1234", { requestId }),
      ]);
      const [first, second] = [createdOf(results[1]), createdOf(results[2])];
      expect(told(results)).to.deep.equal([
        "SMARTCARD_WITHOUT_PROVIDER",
        first.id,
        second.id,
        first.id,
        "REQUEST_ID_REUSED",
        "REQUEST_ID_REUSED",
      ]);
      expect(createdOf(results[3])).to.include({ number: first.number, requestId });
      expect(second.waitingForId).to.equal(first.id);
      expect(await api.all()).to.have.lengthOf(2);
    });

    it("makes nothing new when it is repeated with the same request_ids", async () => {
      const { api, calls } = await start();
      const items = Array.from({ length: 700 }, (_, i) =>
        reauthoriseItem(i % 5, { requestId: randomUUID() }),
      );
      const first = await calls.batchCreate(items);
      expect(told(await calls.batchCreate(items))).to.deep.equal(told(first));
      expect(await api.all()).to.have.lengthOf(700);
    });

    it("stores one request of equal items that come in several calls at once", async () => {
      const { api, calls } = await start({ caUp: false });
      const items = Array.from({ length: 40 }, (_, i) => ({
        card: i % 3,
        requestId: randomUUID(),
      }));
      const batch = items.map(({ card, requestId }) => reauthoriseItem(card, { requestId }));
      const singles = items.map(({ card, requestId }) => api.create(card, { requestId }));
      const [one, two] = await Promise.all([calls.batchCreate(batch), calls.batchCreate(batch)]);
      const ids = (await Promise.all(singles)).map(({ id }) => id);
      expect(told(one)).to.deep.equal(ids);
      expect(told(two)).to.deep.equal(ids);
      expect(await api.all()).to.have.lengthOf(items.length);
    });

    it("keeps the order of each of several calls that share their cards", async () => {
      const { api, calls } = await start({ caUp: false });
      const big = Array.from({ length: 900 }, (_, i) => reauthoriseItem(i % 7));
      const results = await Promise.all(Array.from({ length: 4 }, () => calls.batchCreate(big)));
      const lanes = new Map<string, number>();
      for (const [i, stored] of results.entries()) {
        for (const { smartcard, number } of stored.map(createdOf)) {
          const lane = `${i} ${smartcard?.id}`;
          expect(Number(number)).to.be.above(lanes.get(lane) ?? 0);
          lanes.set(lane, Number(number));
        }
      }
      const heads = (await api.all()).filter(({ waitingForId }) => waitingForId === "");
      expect(heads.map(({ smartcard }) => smartcard?.id).toSorted()).to.deep.equal(
        Array.from({ length: 7 }, (_, i) => `card-${i}`),
      );
      const headIds = new Map(heads.map(({ smartcard, id }) => [smartcard?.id, id]));
      for (const { id, smartcard, waitingForId } of results.flat().map(createdOf)) {
        const head = headIds.get(smartcard?.id);
        expect(waitingForId).to.equal(id === head ? "" : head);
      }
    });

    it("stores one request of equal items that come in opposite orders at once", async () => {
      const { api, calls } = await start({ caUp: false });
      const items = Array.from({ length: 600 }, (_, i) =>
        reauthoriseItem(i % 7, { requestId: randomUUID() }),
      );
      const [one, two] = await Promise.all([
        calls.batchCreate(items),
        calls.batchCreate(items.toReversed()),
      ]);
      expect(told(two).toReversed()).to.deep.equal(told(one));
      expect(await api.all()).to.have.lengthOf(600);
    });
  });
}
