import { expect } from "chai";
import fc from "fast-check";
import { v4 } from "uuid";
import { systemClock } from "../../../src/requests/clock.js";
import { acceptRequests } from "../../../src/store/knex/accept-requests.js";
import type { Database } from "../../../src/store/knex/database.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import type { AcceptContext, Accepted } from "../../../src/store/request-store.js";
import { openSqlite, type SqliteDriver } from "../../../src/store/sqlite/sqlite-database.js";
import { acceptance } from "../../conformance/store/creates.js";
import { INSTANCE, setStage } from "../../conformance/store/stage.js";
import { takes } from "../../support/provider-rules.js";
import { DATABASES } from "../../support/stores.js";

/** So few that every level is gone through within some steps. */
const KEPT = 16;

const CONTEXT: AcceptContext = {
  rules: takes(["REAUTHORISE_ALL_SERVICES"]),
  claim: { incarnation: INSTANCE, places: new Map() },
};

const creates = (requestIds: readonly (string | undefined)[]) =>
  requestIds.map((requestId) =>
    acceptance({ requestId, ...(requestId !== undefined && { bodyHash: "body" }) }),
  );

function numberOf(accepted: Accepted): number {
  if (accepted.kind === "refused") throw new Error(JSON.stringify(accepted.faults));
  return accepted.request.number;
}

/** One step; `known` are places in the list of what was stored before, from the latest one back. */
const STEP = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("store" as const),
      by: fc.constantFrom("service" as const, "service" as const, "another" as const),
      fresh: fc.nat(12),
      without: fc.nat(2),
      known: fc.array(fc.nat(200), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("fail" as const), fresh: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

for (const source of DATABASES.filter(({ title }) => title.includes("SQLite"))) {
  describe(`request_ids on ${source.title}`, () => {
    const stage = setStage(source);
    const driver: SqliteDriver = source.title.includes("better") ? "better-sqlite3" : "sqlite3";
    let service: Database | undefined;

    const open = () =>
      openSqlite({
        file: stage.url.slice("sqlite:".length),
        driver,
        clock: systemClock,
        recentRequestIds: KEPT,
      });

    async function restart(): Promise<Database> {
      await service?.close();
      service = await open();
      return service;
    }

    async function store(database: Database, requestIds: readonly (string | undefined)[]) {
      return await knexRequestStore(database).accept(creates(requestIds), CONTEXT);
    }

    const settled = () =>
      stage.execute(`SELECT (SELECT count(*) FROM request_ids) AS keys, through_number AS through
        FROM settled_requests`);

    afterEach(async () => {
      await service?.close();
      service = undefined;
    });

    it("are known for ever, through restarts, failures, and what other processes store", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { minLength: 5, maxLength: 25 }), async (steps) => {
          await stage.reset();
          const stored: { requestId: string; number: number }[] = [];
          await restart();
          for (const step of steps) {
            if (service === undefined) throw new Error("no service");
            if (step.kind === "restart") {
              await restart();
              continue;
            }
            const fresh = Array.from({ length: step.fresh }, () => v4());
            if (step.kind === "fail") {
              const undone = service.write("create", async (tx) => {
                await acceptRequests(tx, creates(fresh), CONTEXT);
                throw new Error("undone");
              });
              expect(await undone.catch(({ message }: Error) => message)).to.equal("undone");
              // Nothing of it is remembered: the same ids are new.
            }
            const known = step.kind === "store" ? step.known : [];
            const again = known.flatMap((back) => stored.at(-1 - back) ?? []);
            const without = step.kind === "store" ? step.without : 0;
            const database =
              step.kind === "store" && step.by === "another" ? stage.database : service;
            const accepted = await store(database, [
              ...fresh,
              ...again.map(({ requestId }) => requestId),
              ...new Array<undefined>(without).fill(undefined),
            ]);
            const kinds = accepted.map(({ kind }) => kind);
            expect(kinds).to.deep.equal([
              ...fresh.map(() => "stored"),
              ...again.map(() => "replayed"),
              ...new Array(without).fill("stored"),
            ]);
            const numbers = accepted.map(numberOf);
            expect(numbers.slice(fresh.length, fresh.length + again.length)).to.deep.equal(
              again.map(({ number }) => number),
            );
            fresh.forEach((requestId, i) => {
              stored.push({ requestId, number: numbers[i] ?? 0 });
            });
          }
          const all = await store(
            service as Database,
            stored.map(({ requestId }) => requestId),
          );
          expect(all.map(({ kind }) => kind)).to.not.include("stored");
          expect(all.map(numberOf)).to.deep.equal(stored.map(({ number }) => number));
          await stage.expectSound();
        }),
        { numRuns: 40 },
      );
    });

    it("settle while others are stored, so that no more than two levels are kept in memory", async () => {
      const database = await restart();
      const [before] = await settled();
      const ids = Array.from({ length: 20 * KEPT }, () => v4());
      for (const id of ids) await store(database, [id]);
      const [after] = await settled();
      const keys = Number(after?.keys) - Number(before?.keys);
      expect(keys).to.be.within(ids.length - 2 * KEPT, ids.length);
      const last = Number(before?.through) + ids.length;
      expect(after?.through).to.be.within(last - 2 * KEPT, last);
    });

    it("may be another's: a principal does not find what is not its own", async () => {
      const database = await restart();
      const requestId = v4();
      const requests = knexRequestStore(database);
      const by = (createdBy: string) =>
        requests.accept([acceptance({ requestId, createdBy, bodyHash: "body" })], CONTEXT);
      const kinds = [];
      for (const who of ["one", "other", "one", "other"]) kinds.push((await by(who))[0]?.kind);
      expect(kinds).to.deep.equal(["stored", "stored", "replayed", "replayed"]);
    });

    it("are found in a database that an earlier version has left", async () => {
      const ids = Array.from({ length: 100 }, () => v4());
      const stored: number[] = [];
      const earlier = await restart();
      for (const id of ids) stored.push(...(await store(earlier, [id])).map(numberOf));
      await earlier.close();
      for (const statement of [
        "DROP TABLE request_ids",
        "DROP TABLE settled_requests",
        `CREATE UNIQUE INDEX requests_request_id ON requests (created_by, request_id)
          WHERE request_id IS NOT NULL`,
        "DELETE FROM knex_migrations WHERE name = '0007-levels-of-request-ids'",
      ]) {
        await stage.execute(statement);
      }
      service = await open();
      const again = await store(service, ids);
      expect(again.map(({ kind }) => kind)).to.deep.equal(ids.map(() => "replayed"));
      expect(again.map(numberOf)).to.deep.equal(stored);
      const [{ keys } = { keys: 0 }] = await settled();
      expect(keys).to.equal(
        Number((await stage.execute("SELECT count(*) AS n FROM requests"))[0]?.n),
      );
    });
  });
}
