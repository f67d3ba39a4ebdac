import { expect } from "chai";
import type { Database } from "../../src/store/knex/database.js";
import { selectMany, writeMany } from "../../src/store/knex/many-rows.js";
import { RowShape } from "../../src/store/knex/row-shape.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const TOKENS = new RowShape({
  token_hash: "text",
  user_name: "text",
  expire_date: "bigint",
  created_date: "bigint",
});

/** What a JSON text could spoil. */
const ROWS = [`"quoted" 'twice'`, "\\ \t\r\n \u0001 \u2028", "é 😀 ]},{[", "null", "12", ""].map(
  (text, i) => ({
    token_hash: text,
    user_name: `user ${text}`,
    expire_date: Number.MAX_SAFE_INTEGER - i,
    created_date: 2 - i,
  }),
);

for (const target of DATABASES) {
  describe(`many rows on ${target.title}`, () => {
    let database: Database;

    beforeEach(async () => {
      database = await openTestDatabase(await target.create());
    });
    afterEach(() => database.close());

    it("come as they are stored, in the order asked for", async () => {
      await database.write("create", async (tx) => tx.insert("tokens", TOKENS, ROWS));
      const read = await selectMany<(typeof ROWS)[number] & { absent: null }>(
        database.reader,
        ["token_hash", "user_name", "expire_date", "created_date", "absent"],
        "SELECT t.*, NULL AS absent FROM tokens t WHERE expire_date > ? ORDER BY created_date",
        [1],
      );
      expect(read).to.deep.equal(ROWS.map((row) => ({ ...row, absent: null })).reverse());
    });

    it("come from a statement that writes them", async () => {
      await database.write("create", async (tx) => tx.insert("tokens", TOKENS, ROWS));
      const written = await database.write("create", (tx) =>
        writeMany<{ hash: string; later: number }>(
          tx,
          { hash: "token_hash", later: "expire_date" },
          "UPDATE tokens SET expire_date = expire_date - ?",
          [10],
        ),
      );
      expect(written).to.have.deep.members(
        ROWS.map((row) => ({ hash: row.token_hash, later: row.expire_date - 10 })),
      );
    });

    it("may be none", async () => {
      const read = selectMany(database.reader, ["name"], "SELECT name FROM users", []);
      expect(await read).to.deep.equal([]);
    });
  });
}
