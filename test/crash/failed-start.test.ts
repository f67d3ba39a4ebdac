import { expect } from "chai";
import type { Database } from "../../src/store/knex/database.js";
import { inTime } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`a start that fails when others can see the process, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    /** From here on a process registers, and cannot take a slot. */
    const withoutSlots = (db: Database) =>
      refuseWrites(db, {
        event: "UPDATE",
        table: "session_slots",
        text: "no room for slots",
        code: "53100",
      });

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
