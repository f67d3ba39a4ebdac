import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { itemOf, ProvisioningCalls, reauthoriseItem } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { timestamp } from "../support/world/api.js";
import { present } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`request_id on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("returns the stored request to a call that is repeated, and makes no second one", async () => {
      const { api, ca } = await worlds.start();
      const requestId = randomUUID();
      const first = await api.reauthorise(0, { requestId });
      const ended = await api.ended(present(first.provisioningRequest));
      const again = await api.reauthorise(0, { requestId });
      expect([first.replayed, again.replayed]).to.deep.equal([false, true]);
      expect(again.provisioningRequest).to.include({
        id: ended.id,
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        requestId,
      });
      expect(ca.count("arrival")).to.equal(1);
      expect(await api.all()).to.have.lengthOf(1);
    });

    it("stores one request of many equal calls at once", async () => {
      const { api, ca } = await worlds.start();
      const requestId = randomUUID();
      const calls = Array.from({ length: 25 }, () => api.reauthorise(0, { requestId }));
      const answers = await Promise.all(calls);
      expect(new Set(answers.map((answer) => answer.provisioningRequest?.id)).size).to.equal(1);
      expect(answers.filter((answer) => !answer.replayed)).to.have.lengthOf(1);
      await api.ended(present(answers[0]?.provisioningRequest));
      expect(ca.count("arrival")).to.equal(1);
    });

    it("lets a repeated immediate call wait with the first", async () => {
      const { api, ca } = await worlds.start({ simulator: { behaviour: { latencyMs: 100 } } });
      const wanted = { requestId: randomUUID(), processImmediately: true };
      const first = api.reauthorise(0, wanted);
      await ca.reaches(1, "arrival");
      const answers = await Promise.all([first, api.reauthorise(0, wanted)]);
      expect(answers.map((answer) => answer.replayed)).to.deep.equal([false, true]);
      for (const { provisioningRequest } of answers) {
        expect(provisioningRequest).to.include({ referenceNumber: "R7-1" });
      }
      expect(ca.count("arrival")).to.equal(1);
    });

    it("refuses another body under the same id, and stores nothing", async () => {
      const { api } = await worlds.start({ caUp: false });
      const requestId = randomUUID();
      await api.create(0, { requestId });
      const failure = await failureOf(api.reauthorise(1, { requestId }));
      expect(failure).to.include({ code: "ALREADY_EXISTS", reason: "REQUEST_ID_REUSED" });
      expect(failure.message).to.contain("request_id");
      expect(await api.all()).to.have.lengthOf(1);
    });

    it("does not remember a refused call", async () => {
      const { api } = await worlds.start();
      const requestId = randomUUID();
      const failure = await failureOf(api.reauthorise("unknown", { requestId }));
      expect(failure.reason).to.equal("SMARTCARD_NOT_FOUND");
      expect((await api.reauthorise(0, { requestId })).replayed).to.equal(false);
    });

    it("returns the stored request to a call that is repeated when its dates have passed", async () => {
      const world = await worlds.start({ caUp: false });
      const { api } = world;
      const calls = new ProvisioningCalls(world);
      const expires = Date.now() + 2000;
      const end = timestamp(expires);
      const ids = Array.from({ length: 4 }, () => randomUUID());
      const wanted = (place: number) => ({ requestId: present(ids[place]), expires });
      const right = { services: ["SPORT"], startDate: undefined, endDate: end };
      const createAll = async () => {
        const singles = [
          await api.reauthorise(0, wanted(0)),
          await calls.send(itemOf("authoriseServices", 1, right, wanted(1))),
        ];
        const { provisioningRequests, replayed } = await calls.reset({
          subscriptionIdentifier: { identifier: { $case: "id", value: "sub-2" } },
          requestId: present(ids[2]),
          expireDate: end,
        });
        const [item] = await calls.batchCreate([reauthoriseItem(2, wanted(3))]);
        if (item?.outcome?.$case !== "created") throw new Error("the item was refused");
        return {
          replayed: [...singles.map((single) => single.replayed), replayed],
          requests: [
            ...singles.map((single) => present(single.provisioningRequest)),
            ...provisioningRequests,
            item.outcome.value,
          ],
        };
      };
      const first = await createAll();
      expect(first.replayed).to.deep.equal([false, false, false]);
      await api.allEnded(first.requests);
      const again = await createAll();
      expect(again.replayed).to.deep.equal([true, true, true]);
      expect(again.requests.map(({ id }) => id)).to.deep.equal(first.requests.map(({ id }) => id));
      for (const { errorCode } of again.requests) expect(errorCode).to.equal("EXPIRED");
    });

    it("refuses a new request whose dates have passed, with all that is wrong with them", async () => {
      const world = await worlds.start({ caUp: false });
      const past = Date.now() - 1000;
      const right = { services: ["SPORT"], startDate: undefined, endDate: timestamp(past) };
      const late = { requestId: randomUUID(), expires: past };
      for (const [other, fields] of [
        [{}, ["end_date", "expire_date"]],
        [{ reason: "x".repeat(129) }, ["reason", "end_date", "expire_date"]],
      ] as const) {
        const item = itemOf("authoriseServices", "unknown", right, { ...late, ...other });
        const failure = await failureOf(new ProvisioningCalls(world).send(item));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        const named = failure.badRequest?.fieldViolations.map(({ field }) => field);
        expect(named).to.have.members(fields);
      }
      expect(await world.api.all()).to.deep.equal([]);
    });

    it("knows the id after a restart", async () => {
      const world = await worlds.start({ caUp: false });
      const requestId = randomUUID();
      const request = await world.api.create(0, { requestId });
      await world.stop();
      await world.start();
      const again = await world.api.reauthorise(0, { requestId });
      expect(again.replayed).to.equal(true);
      expect(again.provisioningRequest?.id).to.equal(request.id);
    });
  });
}
