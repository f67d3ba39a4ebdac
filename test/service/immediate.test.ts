import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { createOf } from "../support/world/api.js";
import { ElasticClock } from "../support/world/elastic-clock.js";
import { useWorlds } from "../support/world/worlds.js";

const NOW = { processImmediately: true };
const OPEN = ["LIFE_CYCLE_STATE_PENDING", "LIFE_CYCLE_STATE_PROCESSING"];

for (const database of DATABASES) {
  describe(`process_immediately on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("answers COMPLETED, with the CA system's reference and what went over the wire", async () => {
      const { api, ca } = await worlds.start();
      const request = await api.create(0, NOW);
      expect(request).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        referenceNumber: "R7-1",
        transactionNumber: 1n,
        sequenceNumber: 1n,
        attempts: 1,
        processName: "PROCESS_IMMEDIATELY",
        processId: "",
        processImmediately: true,
      });
      expect(await api.get(request.number)).to.include({
        request:
          "REAUTHORISE_ALL_SERVICES transaction=1 smartcard_ca_id=100000000000 subscription_number=S-1",
        response: "COMMAND_ACCEPTED transaction=1 reference_number=R7-1",
      });
      expect(ca.count("effect")).to.equal(1);
      expect(await api.runs()).to.deep.equal([]);
    });

    for (const [title, behaviour] of [
      ["accepted", {}],
      ["rejected", { rejectRate: 1 }],
    ] as const) {
      it(`answers what a read finds afterwards, when it is ${title}`, async () => {
        const { api } = await worlds.start({ simulator: { behaviour } });
        const request = await api.create(0, NOW);
        expect(await api.get(request.number)).to.deep.equal(request);
      });
    }

    it("answers REJECTED, with the CA system's code", async () => {
      const { api } = await worlds.start({ simulator: { behaviour: { rejectRate: 1 } } });
      expect(await api.create(0, NOW)).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "2",
        errorDescription: "card not active",
        errorOrigin: "ERROR_ORIGIN_CA_SYSTEM",
        referenceNumber: "",
        attempts: 1,
      });
    });

    /** A CA system that never answers, and a create by a caller who waits: so long, for the service. */
    const createWithTimeLeft = async (ms: number) => {
      const clock = new ElasticClock();
      const world = await worlds.start({
        clock,
        settings: { LEASE_MS: 600_000 },
        simulator: { behaviour: { latencyMs: 60_000 } },
      });
      clock.skip(30_000 - ms);
      await world.connected();
      const called = clock.monotonic();
      const request = await world.api.create(0, NOW, { deadlineMs: 30_000 });
      return { world, request, waitedMs: clock.monotonic() - called };
    };

    it("answers with the request as it stands when the caller's deadline comes near", async () => {
      const { world, request, waitedMs } = await createWithTimeLeft(500);
      expect(request.lifeCycleState).to.equal("LIFE_CYCLE_STATE_PROCESSING");
      // Without a deadline it would have waited for 15 s.
      expect(waitedMs).to.be.below(10_000);
      const { api, simulator, ca } = world;
      await simulator.stop();
      simulator.change({ latencyMs: 0 });
      await simulator.start();
      await api.ended(request);
      expect(ca.count("effect")).to.equal(1);
    });

    it("stores and answers at once when less than 100 ms are left", async () => {
      const { world, request } = await createWithTimeLeft(50);
      expect(request.lifeCycleState).to.be.oneOf(OPEN);
      expect(await world.api.all()).to.have.lengthOf(1);
    });

    it("returns early while the CA system cannot be reached, and the request goes on", async () => {
      const world = await worlds.start({ caUp: false });
      const request = await world.api.create(0, NOW);
      expect(request).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        waitingFor: "WAITING_FOR_PROVIDER_UNAVAILABLE",
      });
      await world.caUp();
      expect(await world.api.ended(request)).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        processName: "PROCESS_IMMEDIATELY",
      });
    });

    it("returns early when the connection is lost while it waits", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 60_000 } } });
      const call = world.api.create(0, NOW);
      await world.ca.reaches(1, "arrival");
      await world.caDown();
      expect((await call).lifeCycleState).to.be.oneOf(OPEN);
    });

    it("returns early when the request has to wait for its next attempt", async () => {
      const { api } = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 60_000 } },
      });
      const request = await api.create(0, NOW);
      expect(request).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        waitingFor: "WAITING_FOR_NEXT_ATTEMPT",
        attempts: 0,
        lastError: "the CA system is busy and asked to wait 60000 ms",
      });
      expect(request.nextAttemptDate).not.to.equal(undefined);
    });

    it("keeps the request of a call that was cancelled while it waited", async () => {
      const { api, ca } = await worlds.start({ simulator: { behaviour: { latencyMs: 50 } } });
      const call = api.send(createOf(0, NOW));
      const failure = failureOf(call);
      await ca.reaches(1, "arrival");
      call.cancel();
      expect((await failure).code).to.equal("CANCELLED");
      const [request] = await api.all();
      expect(request && (await api.ended(request))).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
      });
    });

    it("has one sending for each of many calls at once", async () => {
      const { api, ca } = await worlds.start();
      const cards = Array.from({ length: 20 }, (_, i) => i);
      const requests = await Promise.all(cards.map((card) => api.create(card, NOW)));
      const states = new Set(requests.map((request) => request.lifeCycleState));
      expect([...states]).to.deep.equal(["LIFE_CYCLE_STATE_COMPLETED"]);
      expect(ca.count("arrival")).to.equal(20);
    });
  });
}
