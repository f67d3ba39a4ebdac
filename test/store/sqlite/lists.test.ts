import { expect } from "chai";
import { systemClock } from "../../../src/requests/clock.js";
import type { Db } from "../../../src/store/knex/database.js";
import { listRequests } from "../../../src/store/knex/list-requests.js";
import type { RequestFilter } from "../../../src/store/request-store.js";
import { openSqlite } from "../../../src/store/sqlite/sqlite-database.js";
import { sqliteUrl } from "../../support/stores.js";

/** What is asked for most, and is little beside all of history. */
const FILTERS: readonly RequestFilter[] = [
  { lifeCycleStates: ["PENDING"] },
  { lifeCycleStates: ["PENDING", "PROCESSING"], provider: "alpha" },
  { lifeCycleStates: ["PROCESSING"], createdBy: "desk" },
  { lifeCycleStates: ["REJECTED"], provider: "alpha" },
  { lifeCycleStates: ["REJECTED", "CANCELLED"], types: ["SET_USER_PARAMETERS"] },
  { lifeCycleStates: ["PENDING", "REJECTED"] },
  { processId: "run-1" },
  { processId: "run-1", lifeCycleStates: ["REJECTED"], provider: "alpha" },
  { subscription: { by: "number", value: "S-1" }, lifeCycleStates: ["PENDING", "REJECTED"] },
  { smartcard: { by: "id", value: "card-1" }, processId: "run-1" },
];

describe("lists on SQLite", () => {
  for (const filter of FILTERS) {
    it(`find ${JSON.stringify(filter)} without going through history`, async () => {
      const database = await openSqlite({
        file: sqliteUrl().slice("sqlite:".length),
        driver: "sqlite3",
        clock: systemClock,
      });
      try {
        const steps: string[] = [];
        const explaining: Db = {
          ...database.lister,
          async all(sql, bindings) {
            const plan = await database.lister.all<{ detail: string }>(
              `EXPLAIN QUERY PLAN ${sql}`,
              bindings,
            );
            steps.push(...plan.map(({ detail }) => detail));
            return database.lister.all(sql, bindings);
          },
        };
        for (const after of [undefined, 1000]) {
          const page = { filter, limit: 50, after, oldestFirst: false, full: false };
          await listRequests(explaining, page);
        }
        expect(steps.length).to.be.greaterThan(0);
        expect(steps.filter((step) => /^SCAN [ro]\b/.test(step))).to.deep.equal([]);
        // To begin with, one of the lead table's rows; what it is joined with comes by number.
        expect(steps.filter((step) => /^SEARCH [ro] .*\(rowid[<>]\?\)/.test(step))).to.deep.equal(
          [],
        );
      } finally {
        await database.close();
      }
    });
  }
});
