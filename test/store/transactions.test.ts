import { expect } from "chai";
import type { Database, Tx } from "../../src/store/knex/database.js";
import { RowShape } from "../../src/store/knex/row-shape.js";
import { TransactionEnded } from "../../src/store/knex/transaction-ended.js";
import {
  type Connection,
  PostgresTransaction,
} from "../../src/store/postgres/postgres-transaction.js";
import { LeveledRequestIds } from "../../src/store/sqlite/leveled-request-ids.js";
import type { PreparedStatements } from "../../src/store/sqlite/prepared-statements.js";
import { SqliteTransaction } from "../../src/store/sqlite/sqlite-transaction.js";
import { rejection } from "../secrets/rejection.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

/** Lets everything happen that needs no input from outside. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const INSERT = "INSERT INTO secrets (name, value) VALUES (?, ?)";
const SECRETS = new RowShape({ name: "text", value: "text" });

for (const target of DATABASES) {
  describe(`a transaction on ${target.title}`, () => {
    let database: Database;

    beforeEach(async () => {
      database = await openTestDatabase(await target.create());
    });

    afterEach(() => database.close());

    const names = async () => {
      const rows = await database.reader.all<{ name: string }>(
        "SELECT name FROM secrets ORDER BY name",
      );
      return rows.map(({ name }) => name);
    };

    /** What is stored when something goes wrong between two good statements. */
    const failing: Record<string, (tx: Tx) => void> = {
      "a statement": (tx) => tx.run(INSERT, ["one", "again"]),
      "a row of a few": (tx) =>
        tx.insert("secrets", SECRETS, [{ name: "three", value: "3" }, { name: "one" }]),
      "a row of many": (tx) =>
        tx.insert(
          "secrets",
          SECRETS,
          Array.from({ length: 50 }, (_, i) => ({ name: `row ${i % 49}`, value: "x" })),
        ),
      "the last row of many": (tx) =>
        tx.insert(
          "secrets",
          SECRETS,
          Array.from({ length: 50 }, (_, i) => ({ name: `row ${i}`, value: i < 49 ? "x" : null })),
        ),
    };
    for (const [title, fail] of Object.entries(failing)) {
      it(`stores nothing when ${title} fails that nobody waits for`, async () => {
        const work = database.write("create", async (tx) => {
          tx.run(INSERT, ["one", "1"]);
          fail(tx);
          tx.run(INSERT, ["two", "2"]);
        });
        expect((await rejection(work)).message).to.match(/unique|not.null/i);
        expect(await names()).to.deep.equal([]);
        await database.write("create", async (tx) => tx.run(INSERT, ["after", "1"]));
        expect(await names()).to.deep.equal(["after"]);
      });
    }

    it("stores many rows as they are, however long each is", async () => {
      const rows = Array.from({ length: 60 }, (_, i) => ({
        name: `row ${100 + i}`,
        value: `\t\\é😀\n${"€".repeat(i * i)}`,
      }));
      await database.write("create", async (tx) => tx.insert("secrets", SECRETS, rows));
      const stored = await database.reader.all("SELECT name, value FROM secrets ORDER BY name");
      expect(stored.map((row) => ({ ...row }))).to.deep.equal(rows);
    });

    it("stores nothing when a failed statement was caught", async () => {
      const work = database.write("create", async (tx) => {
        tx.run(INSERT, ["one", "1"]);
        await tx.all("SELECT 1 AS ok FROM nowhere").catch(() => undefined);
      });
      expect((await rejection(work)).message).to.contain("nowhere");
      expect(await names()).to.deep.equal([]);
    });

    it("takes no statement after its work has failed, though that goes on", async () => {
      let goOn: () => void = () => undefined;
      let late: Promise<unknown> = Promise.resolve();
      const work = database.write("create", async (tx) => {
        const goesOn = async () => {
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          tx.run(INSERT, ["run", "1"]);
          tx.insert("secrets", SECRETS, [{ name: "insert", value: "1" }]);
          await tx.all(`${INSERT} RETURNING name`, ["all", "1"]);
        };
        late = goesOn();
        late.catch(() => undefined);
        throw new Error("one half failed");
      });
      expect((await rejection(work)).message).to.equal("one half failed");
      goOn();
      expect((await rejection(late)).message).to.contain("transaction has ended");
      await turn();
      expect(await names()).to.deep.equal([]);
    });
  });
}

describe("a transaction on SQLite that could not begin", () => {
  it("fails its work, though that waits for something else first", async () => {
    const statements: PreparedStatements = {
      all: () => Promise.reject(new Error("the database is locked")),
      finalize: async () => undefined,
    };
    const tx = new SqliteTransaction(statements, new LeveledRequestIds(), 0);
    await turn();
    expect((await rejection(tx.commit())).message).to.equal("the database is locked");
    await tx.rollBack();
  });
});

describe("a transaction on PostgreSQL that could not begin", () => {
  it("takes nothing more once that is known, and fails with the reason", async () => {
    const texts: string[] = [];
    const connection: Connection = {
      query: async (statement: object) => {
        if (!("text" in statement)) throw new Error("not a statement");
        texts.push(String(statement.text));
        if (statement.text === "BEGIN") throw new Error("cancelled");
        return { rows: [] };
      },
    };
    const tx = new PostgresTransaction(connection, (text) => ({ text }));
    await turn();
    const late = await rejection(tx.all("DELETE FROM lanes"));
    expect(late).to.be.instanceOf(TransactionEnded);
    expect(await tx.rollBack(late)).to.have.property("message", "cancelled");
    expect(texts).to.deep.equal(["BEGIN", "ROLLBACK"]);
  });
});
