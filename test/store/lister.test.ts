import { expect } from "chai";
import { DATABASES, openTestDatabase } from "../support/stores.js";

/** Goes through many rows, as a list does that finds nothing. */
const LONG = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
  SELECT count(*) AS found FROM n`;
const LISTS = 12;

// better-sqlite3 does everything at once, so there nothing can overtake anything.
for (const target of DATABASES.filter(({ title }) => !title.includes("better"))) {
  describe(`many long lists at once on ${target.title}`, () => {
    it("hold up no look-up", async () => {
      const database = await openTestDatabase(await target.create());
      try {
        let listed = 0;
        const lists = Array.from({ length: LISTS }, async () => {
          const rows = await database.lister.all<{ found: number }>(LONG);
          listed += 1;
          return rows[0]?.found;
        });
        await database.reader.all("SELECT name FROM users");
        expect(listed).to.be.below(LISTS / 2);
        expect(await Promise.all(lists)).to.deep.equal(new Array(LISTS).fill(400_000));
      } finally {
        await database.close();
      }
    });
  });
}
