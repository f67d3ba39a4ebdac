import { expect } from "chai";
import type { StateChange } from "../../src/providers/configured-change.js";
import type { RunDefinition } from "../../src/providers/run-definition.js";
import type { Database } from "../../src/store/knex/database.js";
import {
  createRunDefinitionStore,
  type RunDefinitionStore,
} from "../../src/store/run-definition-store.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const NIGHTLY: RunDefinition = {
  name: "nightly",
  cron: "0 0 3 * * *",
  timeZone: "Asia/Nicosia",
  providers: ["main"],
  wake: false,
  lifeCycleState: "EFFECTIVE",
};

const STOP: StateChange = {
  state: "NOT_EFFECTIVE",
  reason: "over the holidays",
  by: "desk",
  version: undefined,
};

for (const target of DATABASES) {
  describe(`the run definition store on ${target.title}`, () => {
    let database: Database;
    let store: RunDefinitionStore;

    beforeEach(async () => {
      database = await openTestDatabase(await target.create());
      store = createRunDefinitionStore(database);
    });

    afterEach(() => database.close());

    it("has a default one without a file", async () => {
      await store.applyFile([]);
      await store.applyFile([]);
      const definitions = await store.list();
      expect(definitions).to.have.length(1);
      expect(definitions[0]).to.deep.include({
        name: "default",
        cron: "*/10 * * * * *",
        timeZone: "UTC",
        providers: [],
        wake: true,
        lifeCycleState: "EFFECTIVE",
        definedInFile: false,
        version: 1,
        lastTick: undefined,
      });
    });

    it("lets the file define the default one, then and later", async () => {
      const faster = { ...NIGHTLY, name: "default" };
      await store.applyFile([]);
      await store.applyFile([faster]);
      const found = await store.get("default");
      expect(found).to.deep.include({ ...faster, definedInFile: true, version: 2 });
    });

    it("creates what the file defines, and leaves it alone while the file says the same", async () => {
      await store.applyFile([NIGHTLY]);
      const before = await store.list();
      expect(before.map(({ name }) => name)).to.deep.equal(["default", "nightly"]);
      expect(before[1]).to.deep.include({ ...NIGHTLY, definedInFile: true, version: 1 });
      await store.applyFile([NIGHTLY]);
      expect(await store.list()).to.deep.equal(before);
    });

    const changes: Record<string, Partial<RunDefinition>> = {
      cron: { cron: "0 0 4 * * *" },
      "time zone": { timeZone: "UTC" },
      providers: { providers: [] },
      wake: { wake: true },
    };
    for (const [title, change] of Object.entries(changes)) {
      it(`takes a new version from the file: ${title}`, async () => {
        await store.applyFile([NIGHTLY]);
        await store.applyFile([{ ...NIGHTLY, ...change }]);
        expect(await store.get("nightly")).to.deep.include({ ...NIGHTLY, ...change, version: 2 });
      });
    }

    it("lets the operator's life cycle state survive the file", async () => {
      await store.applyFile([NIGHTLY]);
      await store.setLifeCycleState("nightly", STOP);
      await store.setLifeCycleState("nightly", STOP);
      await store.applyFile([NIGHTLY]);
      expect(await store.get("nightly")).to.include({
        lifeCycleState: "NOT_EFFECTIVE",
        version: 2,
      });
      expect(await store.setLifeCycleState("none", STOP)).to.deep.equal({ kind: "missing" });
    });

    it("creates and changes by call, and nothing that the file defines", async () => {
      await store.applyFile([NIGHTLY]);
      expect(await store.change({ ...NIGHTLY, wake: true }, 1, "desk")).to.deep.equal({
        kind: "in_file",
      });
      const weekly = { ...NIGHTLY, name: "weekly" };
      expect(await store.create(weekly, "desk")).to.deep.include({
        ...weekly,
        version: 1,
        definedInFile: false,
        createdBy: "desk",
      });
      expect(await store.create(weekly, "another")).to.equal(undefined);
      const changes = await Promise.all(
        [1, 2, 3].map((hour) => store.change({ ...weekly, cron: `0 0 ${hour} * * 1` }, 1, "night")),
      );
      expect(changes.map(({ kind }) => kind).sort()).to.deep.equal([
        "other_version",
        "other_version",
        "stored",
      ]);
      expect(await store.get("weekly")).to.include({ version: 2, updatedBy: "night" });
      expect(await store.change({ ...weekly, name: "none" }, 1, "desk")).to.deep.equal({
        kind: "missing",
      });
      const page = await store.page({ limit: 2, after: "default" });
      expect(page.map(({ name }) => name)).to.deep.equal(["nightly", "weekly"]);
    });

    it("keeps what the file no longer has, as no longer the file's", async () => {
      await store.applyFile([NIGHTLY]);
      await store.applyFile([]);
      await store.applyFile([]);
      expect(await store.get("nightly")).to.include({ definedInFile: false, version: 2 });
      await store.applyFile([NIGHTLY]);
      expect(await store.get("nightly")).to.include({ definedInFile: true, version: 3 });
    });

    it("takes the same file from several instances at once", async () => {
      await Promise.all([1, 2, 3, 4].map(() => store.applyFile([NIGHTLY])));
      expect((await store.list()).map(({ version }) => version)).to.deep.equal([1, 1]);
    });
  });
}
