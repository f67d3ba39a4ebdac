import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { EVERY_SECOND, NEVER } from "../support/world/environment.js";
import { eventually } from "../support/world/eventually.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** The file's one definition sends nothing by itself. */
const QUIET = { runDefinitions: [{ name: "default", cron: NEVER, wake: false }] };
const NIGHTLY = { name: "nightly", cron: "0 0 3 * * *", timeZone: "Europe/Nicosia", wake: false };

for (const database of ONE_OF_EACH) {
  describe(`run definitions by call, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("are created, shown and listed page by page", async () => {
      const { operator } = await worlds.start(QUIET);
      const created = await operator.createRunDefinition({
        ...NIGHTLY,
        providers: [PROVIDER, "later"],
      });
      expect(created).to.deep.include({
        ...NIGHTLY,
        providers: [PROVIDER, "later"],
        lifeCycleState: "LIFE_CYCLE_STATE_EFFECTIVE",
        version: 1n,
        definedInFile: false,
        createdBy: "local",
        lastTickDate: undefined,
      });
      expect(await operator.runDefinition("nightly")).to.deep.equal(created);
      const least = await operator.createRunDefinition({ name: "a", cron: NEVER });
      expect(least).to.include({ timeZone: "UTC", wake: true });
      const first = await operator.listRunDefinitions(2);
      const second = await operator.listRunDefinitions(2, first.nextPageToken);
      expect(first.runDefinitions.map(({ name }) => name)).to.deep.equal(["a", "default"]);
      expect(second.runDefinitions.map(({ name }) => name)).to.deep.equal(["nightly"]);
      expect(second.nextPageToken).to.equal("");
    });

    it("are judged like those of the file", async () => {
      const { operator } = await worlds.start(QUIET);
      const failure = await failureOf(
        operator.createRunDefinition({
          name: "PROCESS_IMMEDIATELY",
          cron: "* * * * *",
          timeZone: "Atlantis",
          providers: [""],
        }),
      );
      expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
      expect(failure.badRequest?.fieldViolations.map(({ field }) => field)).to.have.members([
        "run_definition.name",
        "run_definition.cron",
        "run_definition.time_zone",
        "run_definition.providers[0]",
      ]);
      const never = operator.createRunDefinition({ name: "never", cron: "0 0 0 31 2 *" });
      expect((await failureOf(never)).message).to.contain("run_definition.cron: is not a cron");
      const twice = operator.createRunDefinition({ name: "default", cron: NEVER });
      expect(await failureOf(twice)).to.include({
        code: "ALREADY_EXISTS",
        reason: "VALUE_IN_USE",
      });
    });

    it("are changed by what the mask names, by who has seen the last version", async () => {
      const { operator } = await worlds.start(QUIET);
      await operator.createRunDefinition({ ...NIGHTLY, providers: [PROVIDER] });
      const changed = await operator.updateRunDefinition("nightly", {
        mask: ["cron", "providers", "wake"],
        cron: "0 30 4 * * *",
        timeZone: "ignored",
      });
      expect(changed).to.deep.include({
        cron: "0 30 4 * * *",
        timeZone: "Europe/Nicosia",
        providers: [],
        wake: true,
        version: 2n,
      });
      const refused = async (update: Parameters<typeof operator.updateRunDefinition>[1]) =>
        failureOf(operator.updateRunDefinition("nightly", update));
      expect(await refused({ mask: ["wake"], version: 1n })).to.include({
        code: "ABORTED",
        reason: "VERSION_CHANGED",
      });
      expect((await refused({ mask: ["name"] })).message).to.contain("update_mask.paths[0]");
      expect((await refused({ mask: ["cron"], cron: "x" })).message).to.contain(
        "run_definition.cron: must have six fields",
      );
      const none = operator.updateRunDefinition("none", { mask: ["wake"], version: 1n });
      expect((await failureOf(none)).reason).to.equal("RUN_DEFINITION_NOT_FOUND");
    });

    it("of the file are changed there, but for their life cycle state", async () => {
      const { operator } = await worlds.start(QUIET);
      expect(
        await failureOf(operator.updateRunDefinition("default", { mask: ["wake"], wake: true })),
      ).to.include({ code: "FAILED_PRECONDITION", reason: "DEFINED_IN_FILE" });
      const stopped = await operator.setRunDefinition("default", "NOT_EFFECTIVE", {
        reason: "over the holidays",
      });
      expect(stopped).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_NOT_EFFECTIVE",
        lifeCycleReason: "over the holidays",
        updatedBy: "local",
        version: 2n,
      });
      expect((await operator.setRunDefinition("default", "NOT_EFFECTIVE")).version).to.equal(2n);
      const late = operator.setRunDefinition("default", "EFFECTIVE", { version: 1n });
      expect((await failureOf(late)).reason).to.equal("VERSION_CHANGED");
      const none = operator.setRunDefinition("none", "EFFECTIVE");
      expect((await failureOf(none)).reason).to.equal("RUN_DEFINITION_NOT_FOUND");
    });

    it("take effect without a restart: a new one ticks, and its runs tell the version", async () => {
      const { operator, api } = await worlds.start(QUIET);
      const request = await api.create(0);
      expect(request.waitingFor).to.equal("WAITING_FOR_RUN");
      await operator.createRunDefinition({ name: "often", cron: EVERY_SECOND, wake: false });
      await operator.updateRunDefinition("often", { mask: ["providers"], providers: [PROVIDER] });
      const ended = await api.ended(request);
      expect(ended.processName).to.equal("often");
      const run = await api.run(ended.processId);
      expect(run).to.include({ trigger: "TRIGGER_SCHEDULE" });
      expect(run.runDefinitionVersion).to.be.within(1, 2);
      const { lastTickDate } = await operator.runDefinition("often");
      expect(Number(lastTickDate?.seconds)).to.be.greaterThan(0);
    });

    it("that wake take what waits as soon as they are created or put to EFFECTIVE", async () => {
      const { operator, api } = await worlds.start({
        ...QUIET,
        // Long beside a test: no heartbeat comes upon what waits.
        settings: { HEARTBEAT_MS: 60_000, LEASE_MS: 120_000 },
      });
      const first = await api.create(0);
      await operator.createRunDefinition({ name: "waking", cron: NEVER });
      expect(await api.ended(first)).to.include({ processName: "waking" });
      await operator.setRunDefinition("waking", "NOT_EFFECTIVE");
      const second = await api.create(0);
      expect(second.waitingFor).to.equal("WAITING_FOR_RUN");
      await operator.setRunDefinition("waking", "EFFECTIVE");
      expect(await api.ended(second)).to.include({ processName: "waking" });
    });

    it("NOT_EFFECTIVE: no run starts, and the active one ends with what it has in hand", async () => {
      const { operator, api, ca } = await worlds.start({
        ...QUIET,
        providers: [{ connection: { window: 1 } }],
        simulator: { behaviour: { latencyMs: 300 } },
      });
      await operator.createRunDefinition({ name: "waking", cron: NEVER });
      const [first, second] = await api.createInOrder(0, 1);
      await ca.reaches(1, "arrival");
      await operator.setRunDefinition("waking", "NOT_EFFECTIVE");
      const ended = await api.ended(first ?? { number: 0n });
      await eventually(
        "the end of the run",
        () => api.run(ended.processId),
        ({ state }) => state === "STATE_COMPLETED",
      );
      const waiting = await api.until(
        second ?? { number: 0n },
        "waiting for a run",
        ({ waitingFor }) => waitingFor === "WAITING_FOR_RUN",
      );
      expect((await failureOf(api.startRun("waking"))).reason).to.equal(
        "RUN_DEFINITION_NOT_EFFECTIVE",
      );
      await operator.setRunDefinition("waking", "EFFECTIVE");
      const later = await api.ended(waiting);
      expect((await api.run(later.processId)).runDefinitionVersion).to.equal(3);
      expect((await api.run(ended.processId)).runDefinitionVersion).to.equal(1);
    });

    it("a run by hand goes on under the version that it began with", async () => {
      const { operator, api, ca } = await worlds.start({
        ...QUIET,
        providers: [{ connection: { window: 1 }, limits: { max_in_flight: 1 } }],
        simulator: { behaviour: { latencyMs: 50 } },
      });
      await operator.createRunDefinition({ name: "by-hand", cron: NEVER, wake: false });
      const requests = await api.createInOrder(0, 1, 2, 3);
      const run = await api.startRun("by-hand");
      await ca.reaches(1, "arrival");
      await operator.updateRunDefinition("by-hand", { mask: ["providers"], providers: ["none"] });
      const ended = await api.allEnded(requests);
      expect(new Set(ended.map(({ processId }) => processId))).to.deep.equal(new Set([run.id]));
      expect((await api.run(run.id)).runDefinitionVersion).to.equal(1);
      const next = await api.create(0);
      expect(next.waitingFor).to.equal("WAITING_FOR_RUN");
    });
  });
}
