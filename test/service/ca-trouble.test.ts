import { expect } from "chai";
import { type Clock, systemClock } from "../../src/requests/clock.js";
import { Api } from "../support/world/api.js";
import { eventually, inTime } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const PROCESSING = "LIFE_CYCLE_STATE_PROCESSING";
const QUICK = { response_timeout_ms: 100 };

/** The time of a call that waits is never up: what is answered is answered for another reason. */
const UNHURRIED: Clock = {
  ...systemClock,
  setTimer: (ms, fire) => (ms > 12_000 ? () => undefined : systemClock.setTimer(ms, fire)),
};

for (const database of ONE_OF_EACH) {
  describe(`a CA system in trouble, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("down: requests wait and say why; up again: they complete by themselves", async () => {
      const world = await worlds.start();
      await world.caDown();
      const requests = await world.api.createInOrder(0, 1, 0);
      const waiting = await world.api.until(
        { number: requests[0]?.number ?? 0n },
        "the reason for waiting",
        ({ lastError }) => lastError !== "",
      );
      expect(waiting).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        waitingFor: "WAITING_FOR_PROVIDER_UNAVAILABLE",
        attempts: 0,
      });
      await world.caUp();
      const ended = await world.api.allEnded(requests);
      for (const request of ended) {
        expect(request).to.include({
          lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
          attempts: 1,
          errorCode: "",
        });
      }
      expect(world.ca.count("effect")).to.equal(3);
    });

    it("busy: the card waits as long as it was told, and nothing is charged", async () => {
      const { api, ca, simulator } = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 30 } },
      });
      const request = await api.create(0);
      await ca.reaches(2, "busy");
      simulator.change({ busyRate: 0 });
      expect(await api.ended(request)).to.include({ attempts: 1, referenceNumber: "R7-1" });
      const [first, second] = ca.of("arrival");
      expect((second?.t ?? 0) - (first?.t ?? 0)).to.be.at.least(29);
    });

    it("slow: half of the calls wait for it that may wait, so that others find room", async () => {
      const { api, service } = await worlds.start({
        clock: UNHURRIED,
        simulator: { behaviour: { latencyMs: 600_000 } },
        providers: [{ connection: { response_timeout_ms: 60_000 } }],
      });
      let answered = 0;
      const second = new Api(service.grpc);
      const wait = (caller: Api, calls: number) =>
        Array.from({ length: calls }, async (_, i) => {
          const { lifeCycleState } = await caller.create(i % 24, { processImmediately: true });
          answered += 1;
          return lifeCycleState;
        });
      // The service's end breaks them off.
      void Promise.allSettled([api, second].flatMap((caller) => wait(caller, 768)));
      await eventually(
        "their requests",
        () => api.all(),
        (all) => all.length === 1536,
      );
      const beyond = await inTime("the answers to more", Promise.all(wait(second, 50)));
      expect(new Set(beyond)).to.deep.equal(new Set(["LIFE_CYCLE_STATE_PENDING"]));
      expect(answered).to.equal(50);
      second.close();
    });

    it("silent: sent again under the same transaction, without a charge, to one effect", async () => {
      const { api, ca, simulator } = await worlds.start({
        simulator: { behaviour: { silentRate: 1 } },
        providers: [{ connection: QUICK }],
      });
      const request = await api.create(0);
      await ca.reaches(2, "arrival");
      simulator.change({ silentRate: 0 });
      expect(await api.ended(request)).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        attempts: 1,
        transactionNumber: 1n,
      });
      expect(new Set(ca.of("arrival").map(({ txn }) => txn))).to.deep.equal(new Set([1]));
      expect(ca.count("effect")).to.equal(1);
    });

    it("late: an answer that comes after it was given up counts, for the run that sent the command", async () => {
      const { api, ca } = await worlds.start({
        // Else it would be sent again before the answer comes.
        settings: { BACKOFF_BASE_MS: 3_600_000, BACKOFF_MAX_MS: 3_600_000 },
        simulator: { behaviour: { latencyMs: 300 } },
        providers: [{ connection: QUICK }],
      });
      const ended = await api.ended(await api.create(0));
      const [run] = await api.runs();
      expect(ended).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        attempts: 1,
        processName: "default",
        processId: run?.id,
      });
      expect(run).to.include({ selected: 2n, deferred: 1n, completed: 1n });
      const [arrival] = ca.of("arrival");
      const { seconds = 0n, nanos = 0 } = ended.executedDate ?? {};
      expect(Number(seconds) * 1000 + nanos / 1_000_000).to.be.at.most(arrival?.t ?? 0);
      expect(ca.count("arrival")).to.equal(1);
    });

    for (const [trouble, event] of [
      ["dropRate", "drop"],
      ["disconnectRate", "cut"],
    ] as const) {
      it(`${trouble}: an effect whose answer was lost is found again, not repeated`, async () => {
        const { api, ca, simulator } = await worlds.start({
          simulator: { behaviour: { [trouble]: 1 } },
          providers: [{ connection: QUICK }],
        });
        ca.atNext(event, () => simulator.change({ [trouble]: 0 }));
        const request = await api.create(0);
        expect(await api.ended(request)).to.include({
          lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
          referenceNumber: "R7-1",
          attempts: 1,
        });
        expect(ca.count("effect")).to.equal(1);
        expect(ca.count("repeat")).to.equal(1);
      });
    }

    it("slow, and this machine's clock set forward: what was claimed is sent all the same", async () => {
      let ahead = 0;
      const { api, ca } = await worlds.start({
        clock: { ...systemClock, now: () => systemClock.now() + ahead },
        settings: { HEARTBEAT_MS: 2000, LEASE_MS: 6000 },
        providers: [{ connection: { window: 1 }, limits: { max_in_flight: 2 } }],
        simulator: { behaviour: { latencyMs: 500 } },
      });
      const requests = await api.createInOrder(0, 1);
      for (const request of requests) {
        await api.until(request, "a claim", ({ lifeCycleState: state }) => state === PROCESSING);
      }
      ahead = 60_000;
      for (const { lifeCycleState } of await api.allEnded(requests)) {
        expect(lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
      expect(ca.count("effect")).to.equal(2);
    });

    it("failing: tried again with pauses, and REJECTED at the limit of attempts", async () => {
      const { api, ca } = await worlds.start({
        simulator: { behaviour: { failRate: 1 } },
        providers: [{ limits: { max_attempts: 3 } }],
      });
      expect(await api.ended(await api.create(0))).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "ATTEMPTS_EXHAUSTED",
        errorOrigin: "ERROR_ORIGIN_SERVICE",
        attempts: 3,
      });
      expect(ca.count("reject")).to.equal(3);
      expect(ca.count("effect")).to.equal(0);
    });

    it("refusing: REJECTED with its code, and the card's next request goes on", async () => {
      const { api, ca, simulator } = await worlds.start({
        simulator: { behaviour: { rejectRate: 1 } },
      });
      ca.atNext("reject", () => simulator.change({ rejectRate: 0 }));
      const ended = await api.allEnded(await api.createInOrder(0, 0));
      expect(ended.map((request) => [request.lifeCycleState, request.errorCode])).to.deep.equal([
        ["LIFE_CYCLE_STATE_REJECTED", "2"],
        ["LIFE_CYCLE_STATE_COMPLETED", ""],
      ]);
    });

    it("remembering higher numbers than the database: starts past them, and doubles none", async () => {
      const world = await worlds.start();
      await world.api.allEnded(await world.api.createInOrder(0, 1, 2));
      await world.stop();
      await resetSequence(world);
      await world.start();
      const request = await world.api.ended(await world.api.create(3));
      expect(request).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        transactionNumber: 4n,
      });
      expect(world.ca.count("conflict")).to.equal(0);
    });

    it("knowing a number with another body (code 5): sent under a new one", async () => {
      const world = await worlds.start();
      await world.api.allEnded(await world.api.createInOrder(0, 1));
      // Behind the back of the open session, which told its last transaction at set-up.
      await resetSequence(world);
      const request = await world.api.ended(await world.api.create(2));
      expect(request).to.include({ lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED", attempts: 2 });
      expect(request.transactionNumber > 2n).to.equal(true);
      expect(world.ca.count("conflict")).to.be.at.least(2);
      expect(world.ca.count("effect")).to.equal(3);
    });
  });
}

/** As after a restore from before the provider was first used. */
async function resetSequence(world: Awaited<ReturnType<ReturnType<typeof useWorlds>["start"]>>) {
  const database = await world.database();
  await database.write("create", (tx) => tx.all("UPDATE dispatch SET sequence_number = 0"));
}
