import { expect } from "chai";
import type { Database } from "../../src/store/knex/database.js";
import { inTime } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const NO_SLOTS = {
  sqlite: [
    `CREATE TRIGGER no_slots BEFORE UPDATE ON session_slots
      BEGIN SELECT RAISE(ABORT, 'no room for slots'); END`,
  ],
  postgres: [
    `CREATE FUNCTION no_slots() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN RAISE EXCEPTION ''no room for slots'' USING ERRCODE = ''53100''; END'`,
    `CREATE TRIGGER no_slots BEFORE UPDATE ON session_slots
      FOR EACH ROW EXECUTE FUNCTION no_slots()`,
  ],
};

for (const database of ONE_OF_EACH) {
  describe(`a start that fails when others can see the process, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    /** From here on a process registers, and cannot take a slot. */
    async function withoutSlots(db: Database) {
      const statements = database.title === "PostgreSQL" ? NO_SLOTS.postgres : NO_SLOTS.sqlite;
      for (const statement of statements) {
        await db.write("create", async (tx) => tx.all(statement));
      }
    }

    it("ends the process with the error that it failed with, and leaves nothing to wait for", async () => {
      const world = await worlds.create();
      const db = await world.database();
      await withoutSlots(db);
      const service = world.begin();
      expect(await inTime("its end", service.exited())).to.equal(1);
      expect(service.log).to.contain("no room for slots");
      expect(await db.reader.all("SELECT id FROM incarnations")).to.deep.equal([]);
    });
  });
}
