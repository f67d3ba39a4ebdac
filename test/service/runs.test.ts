import { expect } from "chai";
import { newId } from "../../src/accept/new-id.js";
import type { Run } from "../../src/gen/provisioning/v1/run.js";
import { failureOf } from "../support/rpc-client.js";
import type { Api } from "../support/world/api.js";
import { EVERY_SECOND, NEVER } from "../support/world/environment.js";
import { eventually } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import { OTHER_PROVIDER, PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const QUIET = { name: "default", cron: NEVER, wake: false };

function runEnded(api: Api, id: string): Promise<Run> {
  return eventually(
    `the end of run ${id}`,
    () => api.run(id),
    ({ state }) => state !== "STATE_ACTIVE",
  );
}

for (const database of ONE_OF_EACH) {
  describe(`runs on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("WAKE: what is due at once shares one run, which ends a second after the last", async () => {
      const { api } = await worlds.start({ simulator: { behaviour: { rejectRate: 1 } } });
      const ended = await api.allEnded(await api.createInOrder(0, 1, 0));
      const ids = new Set(ended.map(({ processId }) => processId));
      expect(ids.size).to.equal(1);
      const run = await runEnded(api, [...ids].join());
      expect(run).to.include({
        trigger: "TRIGGER_WAKE",
        state: "STATE_COMPLETED",
        runDefinition: "default",
        runDefinitionVersion: 1,
        selected: 3n,
        completed: 0n,
        rejected: 3n,
        deferred: 0n,
      });
      expect((await api.all({ processId: run.id })).length).to.equal(3);
    });

    it("counts what was put off to be sent again", async () => {
      const { api, ca, simulator } = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 10 } },
      });
      ca.atNext("busy", () => simulator.change({ busyRate: 0 }));
      const { processId } = await api.ended(await api.create(0));
      expect(await runEnded(api, processId)).to.include({
        selected: 2n,
        completed: 1n,
        deferred: 1n,
      });
    });

    it("SCHEDULE: a definition that does not wake sends at its tick", async () => {
      const { api } = await worlds.start({
        runDefinitions: [{ ...QUIET, cron: EVERY_SECOND }],
      });
      const request = await api.create(0);
      const ended = await api.ended(request);
      const run = await runEnded(api, ended.processId);
      expect(run).to.include({ trigger: "TRIGGER_SCHEDULE", selected: 1n, completed: 1n });
      expect(Number(run.startDate?.nanos ?? 0)).to.be.below(900_000_000);
      // Ticks with nothing to do leave no trace.
      expect(await api.runs()).to.have.lengthOf(1);
    });

    it("MANUAL: without a tick or a wake, a request waits for a run until StartRun", async () => {
      const { api, ca } = await worlds.start({ runDefinitions: [QUIET] });
      const request = await api.create(0);
      expect(request.waitingFor).to.equal("WAITING_FOR_RUN");
      expect(ca.count("arrival")).to.equal(0);
      const run = await api.startRun();
      expect(run).to.include({ trigger: "TRIGGER_MANUAL", state: "STATE_ACTIVE" });
      expect(await api.ended(request)).to.include({ processId: run.id, processName: "default" });
      expect(await runEnded(api, run.id)).to.include({
        state: "STATE_COMPLETED",
        selected: 1n,
        completed: 1n,
      });
    });

    it("MANUAL: goes on with what waits behind on the same card, to the last", async () => {
      const { api } = await worlds.start({ runDefinitions: [QUIET] });
      const requests = await api.createInOrder(0, 0, 0, 1);
      const { id } = await api.startRun();
      await api.allEnded(requests);
      expect(await runEnded(api, id)).to.include({ selected: 4n, completed: 4n });
    });

    it("MANUAL: a run sends all that was due when it began, at its provider's rate", async () => {
      const { api } = await worlds.start({
        runDefinitions: [QUIET],
        providers: [{ limits: { rate_per_second: 10, burst: 2 } }],
      });
      const requests = await api.createInOrder(0, 1, 2, 3, 4, 5);
      const run = await api.startRun();
      expect(await runEnded(api, run.id)).to.include({ selected: 6n, completed: 6n });
      for (const { processId } of await api.allEnded(requests)) expect(processId).to.equal(run.id);
    });

    it("sends an immediate request outside of runs, whatever the definitions say", async () => {
      const { api } = await worlds.start({ runDefinitions: [QUIET] });
      const waiting = await api.create(1);
      expect(await api.create(0, { processImmediately: true })).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        processName: "PROCESS_IMMEDIATELY",
      });
      expect((await api.get(waiting.number)).waitingFor).to.equal("WAITING_FOR_RUN");
    });

    it("refuses a second run of an active definition, and takes one when it has ended", async () => {
      const { api, ca } = await worlds.start({
        runDefinitions: [QUIET],
        simulator: { behaviour: { latencyMs: 100 } },
      });
      await api.create(0);
      const first = await api.startRun();
      await ca.reaches(1, "arrival");
      expect(await failureOf(api.startRun())).to.include({
        code: "FAILED_PRECONDITION",
        reason: "RUN_ALREADY_ACTIVE",
      });
      await runEnded(api, first.id);
      const second = await api.startRun();
      expect(await runEnded(api, second.id)).to.include({ selected: 0n, state: "STATE_COMPLETED" });
      expect((await api.runs()).map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    });

    it("ends a run whose end the database did not take, once it does", async () => {
      const world = await worlds.start({ runDefinitions: [QUIET] });
      const { api } = world;
      const takeEnds = await refuseWrites(await world.database(), {
        event: "UPDATE OF state",
        table: "runs",
        text: "no room",
      });
      const request = await api.create(0);
      const run = await api.startRun();
      await api.ended(request);
      await eventually(
        "an end that is not taken",
        async () => world.log,
        (log) => log.includes("a run's end could not be written"),
      );
      await takeEnds();
      expect(await runEnded(api, run.id)).to.include({ state: "STATE_COMPLETED", completed: 1n });
      await runEnded(api, (await api.startRun()).id);
    });

    it("ends a run that was stored, though the answer to the commit was lost", async () => {
      const world = await worlds.start({ runDefinitions: [QUIET] });
      const id = newId();
      await (await world.database()).write("create", (tx) =>
        tx.all(
          `INSERT INTO runs (id, run_definition, run_definition_version, trigger, state,
             start_date, owner, selected, completed, rejected, deferred)
           SELECT ?, 'default', 1, 'MANUAL', 'ACTIVE', $now, id, 0, 0, 0, 0 FROM incarnations`,
          [id],
        ),
      );
      expect((await failureOf(world.api.startRun())).reason).to.equal("RUN_ALREADY_ACTIVE");
      await runEnded(world.api, id);
      await runEnded(world.api, (await world.api.startRun()).id);
    });

    it("refuses a definition that is not there or not effective, and finds no unknown run", async () => {
      const { api } = await worlds.start({
        runDefinitions: [QUIET, { ...QUIET, name: "off", life_cycle_state: "NOT_EFFECTIVE" }],
      });
      expect(await failureOf(api.startRun("unknown"))).to.include({
        code: "NOT_FOUND",
        reason: "RUN_DEFINITION_NOT_FOUND",
      });
      expect(await failureOf(api.startRun("off"))).to.include({
        code: "FAILED_PRECONDITION",
        reason: "RUN_DEFINITION_NOT_EFFECTIVE",
      });
      expect((await failureOf(api.run("unknown"))).reason).to.equal("RUN_NOT_FOUND");
    });

    it("sends nothing to a provider that no definition covers, but for immediate requests", async () => {
      const { api } = await worlds.start({
        providers: [{ name: PROVIDER }, { name: OTHER_PROVIDER }],
        runDefinitions: [{ ...QUIET, providers: [PROVIDER], wake: true }],
      });
      const uncovered = await api.create("other-0");
      await api.ended(await api.create(0));
      expect(await api.get(uncovered.number)).to.include({ waitingFor: "WAITING_FOR_RUN" });
      const immediate = await api.create("other-1", { processImmediately: true });
      expect(immediate.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect((await api.get(uncovered.number)).waitingFor).to.equal("WAITING_FOR_RUN");
    });

    it("ends a run whose provider goes down", async () => {
      const world = await worlds.start({
        runDefinitions: [QUIET],
        simulator: { behaviour: { latencyMs: 60_000 } },
      });
      await world.api.create(0);
      const run = await world.api.startRun();
      await world.ca.reaches(1, "arrival");
      await world.caDown();
      expect(await runEnded(world.api, run.id)).to.include({
        state: "STATE_COMPLETED",
        selected: 1n,
        deferred: 1n,
      });
    });
  });
}
