import { expect } from "chai";
import { MIGRATION_LOCK } from "../../src/store/postgres/postgres-database.js";
import { DATABASES } from "../support/stores.js";
import { eventually, inTime } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`SIGTERM to a service that still starts, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("ends it at once while it waits for another process's migration", async () => {
      const world = await worlds.create();
      const db = await world.database();
      await db.write("create", async (tx) => {
        await tx.all("SELECT pg_advisory_xact_lock(?)", [MIGRATION_LOCK]);
        const service = world.begin({ LOG_LEVEL: "warn" });
        await eventually(
          "its wait",
          async () => {
            // A transaction that says nothing for long is ended by the server.
            await tx.all("SELECT 1");
            return service.log;
          },
          (log) => log.includes("another process brings the schema up to date"),
        );
        service.signal("SIGTERM");
        expect(await inTime("its end", service.exited(), 3000)).to.equal(0);
      });
    });

    it("lets it begin and then stop in good order when it is about to be seen by others", async () => {
      const world = await worlds.create();
      const db = await world.database();
      const service = await db.write("create", async (tx) => {
        await tx.all("LOCK TABLE incarnations IN SHARE MODE");
        const starting = world.begin();
        await eventually(
          "its wait",
          () =>
            db.reader.all(
              `SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            ),
          ({ length }) => length > 0,
        );
        starting.signal("SIGTERM");
        return starting;
      });
      expect(await service.exited()).to.equal(0);
      expect(service.log).to.equal("");
      expect(await db.reader.all("SELECT id FROM incarnations")).to.deep.equal([]);
    });
  });
}
