import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
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
