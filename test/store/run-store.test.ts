import { expect } from "chai";
import { newId } from "../../src/accept/new-id.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexRunStore } from "../../src/store/knex/knex-run-store.js";
import { createRunDefinitionStore } from "../../src/store/run-definition-store.js";
import type { RunStore } from "../../src/store/run-store.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const HOUR_MS = 3_600_000;
const NOW = Date.now();

for (const { title, create } of DATABASES) {
  describe(`ticks in the run store on ${title}`, () => {
    let database: Database;
    let store: RunStore;

    beforeEach(async () => {
      database = await openTestDatabase(await create());
      await createRunDefinitionStore(database).ensureDefault();
      store = knexRunStore(database);
    });
    afterEach(() => database.close());

    const tick = (fireDate: number) => store.takeTick("default", fireDate);
    const takenOf = async (fireDate: number) =>
      (await Promise.all([tick(fireDate), tick(fireDate), tick(fireDate)])).filter((one) => one);

    it("are taken once, and none after a later one", async () => {
      expect(await takenOf(NOW)).to.have.length(1);
      expect(await tick(NOW - 120_000)).to.equal(false);
      expect(await takenOf(NOW + 1_000)).to.have.length(1);
    });

    it("count no longer when they are more than a minute ahead of the clock", async () => {
      expect(await tick(NOW + 3 * HOUR_MS)).to.equal(true);
      expect(await takenOf(NOW)).to.have.length(1);
      expect(await takenOf(NOW)).to.have.length(0);
      expect(await takenOf(NOW + 1_000)).to.have.length(1);
    });

    it("are taken once where the database's clock is behind", async () => {
      expect(await takenOf(NOW + HOUR_MS)).to.have.length(1);
      expect(await takenOf(NOW + HOUR_MS)).to.have.length(0);
      expect(await takenOf(NOW + HOUR_MS + 1_000)).to.have.length(1);
    });

    it("find their fire date free that a run had when the clock was ahead", async () => {
      const later = NOW + HOUR_MS;
      const run = {
        id: newId(),
        definition: "default",
        definitionVersion: 1,
        trigger: "SCHEDULE",
        startDate: later,
        fireDate: later,
      } as const;
      await tick(later);
      expect(await store.start(run, "process")).to.equal(true);
      await store.end(run.id, "COMPLETED", "process");
      await tick(NOW);
      expect(await tick(later)).to.equal(true);
      expect(await store.start({ ...run, id: newId() }, "process")).to.equal(true);
    });
  });
}
