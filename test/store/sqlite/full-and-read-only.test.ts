import { expect } from "chai";
import { isDatabaseDown } from "../../../src/store/database-error.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import { acceptance } from "../../conformance/store/creates.js";
import { INSTANCE, setStage } from "../../conformance/store/stage.js";
import { takes } from "../../support/provider-rules.js";
import { DATABASES } from "../../support/stores.js";

for (const database of DATABASES.filter(({ title }) => title.includes("SQLite"))) {
  describe(`the store on ${database.title}, when nothing more can be written`, () => {
    const stage = setStage(database);

    /** Stores until that fails; what was stored, and why it failed. */
    async function storeUntilRefused(): Promise<{ numbers: number[]; error: unknown }> {
      const numbers: number[] = [];
      for (;;) {
        try {
          numbers.push((await stage.storeOne({ reason: "x".repeat(1000) })).number);
        } catch (error) {
          return { numbers, error };
        }
      }
    }

    async function expectAllGone(numbers: readonly number[]): Promise<void> {
      const next = await stage.storeOne({});
      expect(await stage.drain()).to.deep.equal([...numbers, next.number]);
      await stage.expectNoWork();
    }

    it("full: fails as a database that is down, keeps what it stored, and goes on with room", async () => {
      const [pages] = await stage.execute("SELECT page_count FROM pragma_page_count()");
      await stage.execute(`PRAGMA max_page_count = ${Number(pages?.page_count) + 8}`);
      const { numbers, error } = await storeUntilRefused();
      expect(isDatabaseDown(error), String(error)).to.equal(true);
      expect(error).to.have.property("code", "SQLITE_FULL");
      expect(numbers).not.to.deep.equal([]);
      await stage.expectSound();
      await stage.execute("PRAGMA max_page_count = 1073741823");
      await expectAllGone(numbers);
    });

    it("read-only: fails as a database that is down, and stores nothing", async () => {
      const first = await stage.storeOne({});
      const other = await stage.openAnother();
      try {
        await other.write("create", (tx) => tx.all("PRAGMA query_only = 1"));
        const error = await knexRequestStore(other)
          .accept([acceptance()], {
            rules: takes(["REAUTHORISE_ALL_SERVICES"]),
            claim: { incarnation: INSTANCE, places: new Map() },
          })
          .catch((thrown: unknown) => thrown);
        expect(isDatabaseDown(error), String(error)).to.equal(true);
        expect(error).to.have.property("code", "SQLITE_READONLY");
      } finally {
        await other.close();
      }
      await expectAllGone([first.number]);
    });
  });
}
