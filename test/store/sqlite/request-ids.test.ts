import { expect } from "chai";
import fc from "fast-check";
import { v4 } from "uuid";
import { systemClock } from "../../../src/requests/clock.js";
import { acceptRequests } from "../../../src/store/knex/accept-requests.js";
import type { Database } from "../../../src/store/knex/database.js";
import { findEarlier } from "../../../src/store/knex/find-earlier.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import { prepareCreates } from "../../../src/store/knex/prepare-creates.js";
import type { Acceptance, AcceptContext, Accepted } from "../../../src/store/request-store.js";
import { LeveledRequestIds } from "../../../src/store/sqlite/leveled-request-ids.js";
import { KEY_BOUND, requestKey } from "../../../src/store/sqlite/request-key.js";
import { openSqlite, type SqliteDriver } from "../../../src/store/sqlite/sqlite-database.js";
import { acceptance } from "../../conformance/store/creates.js";
import { INSTANCE, present, setStage } from "../../conformance/store/stage.js";
import { rejection } from "../../secrets/rejection.js";
import { takes } from "../../support/provider-rules.js";
import { DATABASES } from "../../support/stores.js";

/** So few that every level is gone through within some steps. */
const FULL = 16;

/** How keys may come out: spread as they are, the same for many ids, and at the end of the range. */
const KEYS = {
  "as they are": requestKey,
  "of which many are equal": (by: string, id: string) => (requestKey(by, id) % 8) * 2 ** 50,
  "that fill the last slots": (by: string, id: string) => KEY_BOUND - 1 - (requestKey(by, id) % 4),
} as const;

/** The word of a commit may get lost: then what it stored is not noted. */
class ForgetfulIds extends LeveledRequestIds {
  loses = false;

  override committed(): void {
    if (this.loses) this.rolledBack();
    else super.committed();
  }
}

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

const fresh = fc.nat(8);
const STEP = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("store" as const), fresh }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lost" as const), fresh }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fail" as const), fresh }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("another" as const), fresh }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("else" as const), fresh }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const), fresh }) },
);

for (const source of DATABASES.filter(({ title }) => title.includes("SQLite"))) {
  describe(`request_ids on ${source.title}`, () => {
    const stage = setStage(source);
    const driver: SqliteDriver = source.title.includes("better") ? "better-sqlite3" : "sqlite3";
    let service: Database | undefined;
    let ids = new ForgetfulIds();

    function open(requestIds: LeveledRequestIds): Promise<Database> {
      const file = stage.url.slice("sqlite:".length);
      return openSqlite({ file, driver, clock: systemClock, requestIds });
    }

    async function restart(keyOf = requestKey): Promise<Database> {
      await service?.close();
      ids = new ForgetfulIds({ full: FULL, keyOf });
      service = await open(ids);
      return service;
    }

    async function store(database: Database, requestIds: readonly (string | undefined)[]) {
      return await knexRequestStore(database).accept(creates(requestIds), CONTEXT);
    }

    const settled = async () => {
      const [row] = await stage.execute(
        `SELECT (SELECT count(*) FROM request_ids) AS keys, through_number AS through,
           (SELECT seq FROM sqlite_sequence WHERE name = 'requests') AS last FROM settled_requests`,
      );
      return { keys: Number(row?.keys), behind: Number(row?.last) - Number(row?.through) };
    };

    afterEach(async () => {
      await service?.close();
      service = undefined;
    });

    for (const [title, keyOf] of Object.entries(KEYS)) {
      it(`are known for ever, whatever happens, with keys ${title}`, async () => {
        const stored = new Map<string, number>();

        /** New requests with ids, one twice, one that is refused, one without. */
        function batchOf(fresh: readonly string[]): Acceptance[] {
          const batch = creates([...fresh, ...fresh.slice(0, 1), undefined]);
          batch.splice(1, 0, acceptance({ card: "unknown" }));
          return batch;
        }

        async function storeSome(database: Database, fresh: readonly string[]): Promise<void> {
          const accepted = await knexRequestStore(database).accept(batchOf(fresh), CONTEXT);
          accepted.splice(1, 1);
          fresh.forEach((id, i) => {
            expect(accepted[i]?.kind).to.equal("stored");
            stored.set(id, numberOf(present(accepted[i])));
          });
          if (fresh.length > 0) expect(accepted[fresh.length]?.kind).to.equal("replayed");
        }

        async function expectAll(database: Database): Promise<void> {
          const known = [...stored.keys()];
          const again = await store(database, known);
          expect(again.map(({ kind }) => kind)).not.to.include("stored");
          expect(again.map(numberOf)).to.deep.equal([...stored.values()]);
          const found = await database.write("create", async (tx) => {
            const numbers: unknown[] = [];
            for (const id of known.slice(-3)) {
              numbers.push((await findEarlier(tx, "caller", id))?.number);
            }
            return numbers;
          });
          expect(found).to.deep.equal([...stored.values()].slice(-3));
        }

        await fc.assert(
          fc.asyncProperty(fc.array(STEP, { minLength: 10, maxLength: 25 }), async (steps) => {
            await stage.reset();
            stored.clear();
            let database = await restart(keyOf);
            const another = await open(new LeveledRequestIds({ full: FULL, keyOf }));
            for (const step of steps) {
              const fresh = Array.from({ length: step.fresh }, () => v4());
              switch (step.kind) {
                case "store":
                  await storeSome(database, fresh);
                  break;
                case "lost":
                  ids.loses = true;
                  await storeSome(database, fresh);
                  ids.loses = false;
                  break;
                case "another":
                  await storeSome(another, fresh);
                  break;
                case "fail": {
                  const undone = database.write("create", async (tx) => {
                    await acceptRequests(tx, prepareCreates(batchOf(fresh), tx), CONTEXT);
                    throw new Error("undone");
                  });
                  expect((await rejection(undone)).message).to.equal("undone");
                  // Nothing of it is remembered: neither by what commits next, nor when another
                  // stores the same, so that the numbers come out as they would have.
                  await database.write("dispatch", (tx) => tx.all("SELECT 1"));
                  await storeSome(step.fresh % 2 === 0 ? database : another, fresh);
                  break;
                }
                case "else":
                  await database.write("dispatch", (tx) => tx.all("SELECT 1"));
                  break;
                case "restart":
                  database = await restart(keyOf);
                  break;
              }
              await expectAll(database);
            }
            await another.close();
            await stage.expectSound();
          }),
          { numRuns: 25 },
        );
      });
    }

    it("settle while others are stored, so that no more than two levels are in memory", async () => {
      const database = await restart();
      const before = await settled();
      const stored = Array.from({ length: 20 * FULL }, () => v4());
      for (const id of stored) await store(database, [id]);
      const after = await settled();
      expect(after.keys - before.keys).to.be.within(stored.length - 2 * FULL, stored.length);
      expect(after.behind).to.be.at.most(2 * FULL);
    });

    it("leave little to read at the next start, though few requests have one", async () => {
      const database = await restart();
      for (let i = 0; i < 10 * FULL; i += 1) await store(database, [undefined]);
      expect((await settled()).behind).to.be.at.most(2 * FULL);
    });

    it("may be more in one transaction than there is room for", async () => {
      const database = await restart();
      const many = Array.from({ length: 10 * FULL }, () => v4());
      const stored = (await store(database, many)).map(numberOf);
      expect((await store(database, many)).map(numberOf)).to.deep.equal(stored);
    });

    it("are taken into the table before a service takes calls", async () => {
      const stored = Array.from({ length: 3 * FULL }, () => v4());
      for (const id of stored) await store(stage.database, [id]);
      expect((await settled()).behind).to.be.at.least(stored.length);
      await (await restart()).ready();
      expect((await settled()).behind).to.equal(0);
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
      const earlier = await restart();
      const many = Array.from({ length: 100 }, () => v4());
      const stored: number[] = [];
      for (const id of many) stored.push(...(await store(earlier, [id])).map(numberOf));
      await earlier.close();
      service = undefined;
      for (const statement of [
        "DROP TABLE request_ids",
        "DROP TABLE settled_requests",
        `CREATE UNIQUE INDEX requests_request_id ON requests (created_by, request_id)
          WHERE request_id IS NOT NULL`,
        "DELETE FROM knex_migrations WHERE name = '0007-levels-of-request-ids'",
      ]) {
        await stage.execute(statement);
      }
      const again = await store(await restart(), many);
      expect(again.map(({ kind }) => kind)).to.deep.equal(many.map(() => "replayed"));
      expect(again.map(numberOf)).to.deep.equal(stored);
    });
  });
}

describe("the key of a request_id", () => {
  it("stays as it is: databases keep it", () => {
    const keys = [
      requestKey("admin", "0190a6f0-7c3e-7b1a-8f00-1234567890ab"),
      requestKey("admin", "550e8400-e29b-41d4-a716-446655440000"),
      requestKey("other", "550e8400-e29b-41d4-a716-446655440000"),
    ];
    expect(keys).to.deep.equal([6884060748485049, 8378968806608806, 3952739900390398]);
  });
});
