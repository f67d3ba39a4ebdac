import { expect } from "chai";
import { systemClock } from "../../../src/requests/clock.js";
import { isDatabaseDown } from "../../../src/store/database-error.js";
import { openSqlite } from "../../../src/store/sqlite/sqlite-database.js";
import { sqliteUrl } from "../../support/stores.js";

const ENDLESS = `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted)
                 SELECT COUNT(*) AS all_of_them FROM counted`;

describe("a search through a SQLite file that does not end", () => {
  it("is ended after its time, as on a database that is down, and lists go on", async () => {
    const waits: number[] = [];
    const database = await openSqlite({
      file: sqliteUrl().slice("sqlite:".length),
      driver: "sqlite3",
      clock: {
        ...systemClock,
        setTimer(ms, run) {
          waits.push(ms);
          return systemClock.setTimer(ms / 200, run);
        },
      },
    });
    try {
      const error = await database.lister.all(ENDLESS).catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", "SQLITE_INTERRUPT");
      expect(waits).to.deep.equal([10_000]);
      expect(isDatabaseDown(error), String(error)).to.equal(true);
      expect(await database.lister.all("SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    } finally {
      await database.close();
    }
  });
});
