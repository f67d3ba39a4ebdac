import { expect } from "chai";
import fc from "fast-check";
import type { Database } from "../../src/store/knex/database.js";
import { insertRows } from "../../src/store/knex/insert-rows.js";
import { RowShape } from "../../src/store/knex/row-shape.js";
import { sqliteDialect } from "../../src/store/sqlite/sqlite-dialect.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const SHAPE = new RowShape(
  { number: "bigint", state: "text", run: "text", code: "text", answer: "text" },
  { rare: ["code", "answer"], alike: [["state", "run"]] },
);
const plain = (number: number) => ({ number, state: "COMPLETED", run: "r" });
const many = Array.from({ length: 20 }, (_, i) => plain(i));

describe("the shape of rows", () => {
  const give = (rows: Parameters<typeof SHAPE.give>[1]) => {
    const { names, bindings } = SHAPE.give(sqliteDialect, rows);
    return [names, ...bindings];
  };

  it("leaves out rare columns where no row has any", () => {
    expect(give([plain(1), { ...plain(2), code: undefined, answer: null }])).to.deep.equal([
      "number, state, run",
      '[[1,"COMPLETED","r"],[2,"COMPLETED","r"]]',
    ]);
  });

  it("names all of them where one row has one, be it empty", () => {
    const names = "number, state, run, code, answer";
    expect(give([plain(1), { ...plain(2), answer: "" }])[0]).to.equal(names);
    expect(give([{ ...plain(1), code: "5" }, plain(2)])[0]).to.equal(names);
  });

  it("says once what many rows have in common, absent values too", () => {
    expect(give(many)).to.deep.equal([
      "state, run, number",
      "COMPLETED",
      "r",
      JSON.stringify(many.map(({ number }) => [number])),
    ]);
    expect(give(many.map((row) => ({ ...row, run: undefined }))).slice(1, 3)).to.deep.equal([
      "COMPLETED",
      null,
    ]);
  });

  it("tells which names it knows to be absent everywhere", () => {
    const absent = (rows: Parameters<typeof SHAPE.give>[1]) => [
      ...SHAPE.give(sqliteDialect, rows).absent,
    ];
    const without = many.map((row) => ({ ...row, run: null }));
    expect(absent(without)).to.deep.equal(["run"]);
    expect(absent(without.slice(1))).to.deep.equal([]);
    expect(absent(many)).to.deep.equal([]);
  });

  it("does so for all columns of a group or none", () => {
    const odd = [...many.slice(1), { ...plain(0), run: null }];
    expect(give(odd)[0]).to.equal("number, state, run");
  });

  it("compares no few rows", () => {
    expect(give(many.slice(1))[0]).to.equal("number, state, run");
  });
});

const COLUMNS = {
  name: "text",
  protocol: "text",
  life_cycle_state: "text",
  commands: "text",
  connection: "text",
  limits: "text",
  defined_in_file: "boolean",
  version: "bigint",
  created_date: "bigint",
  updated_date: "bigint",
} as const;
const PROVIDERS = new RowShape(COLUMNS, {
  rare: ["commands"],
  alike: [["protocol", "defined_in_file", "version"], ["limits"], ["created_date"]],
});

const text = fc.constantFrom("", "null", "1", "true", `\\ "x" 'y' \t ? $now é😀`);
const date = fc.constantFrom(0, -1, 1_800_000_000_000, Number.MAX_SAFE_INTEGER);
const values = {
  protocol: text,
  life_cycle_state: text,
  commands: fc.constantFrom(null, "x"),
  connection: text,
  limits: text,
  defined_in_file: fc.boolean(),
  version: date,
  created_date: date,
  updated_date: date,
};
/** Batches in which some columns are the same in all rows, and the others are not. */
const batch = fc
  .tuple(fc.record(values), fc.subarray(Object.keys(values)), fc.array(fc.record(values)))
  .chain(([first, alike, some]) =>
    fc.constant(
      Array.from({ length: some.length * 5 }, (_, i) => ({
        ...(some[i % some.length] ?? first),
        ...Object.fromEntries(Object.entries(first).filter(([name]) => alike.includes(name))),
        name: `provider ${String(i).padStart(4, "0")}`,
      })),
    ),
  );

for (const target of DATABASES) {
  describe(`rows of a shape on ${target.title}`, () => {
    let database: Database;
    before(async () => {
      database = await openTestDatabase(await target.create());
    });
    after(() => database.close());

    it("are stored as they are, whatever they have in common", async () => {
      await fc.assert(
        fc.asyncProperty(batch, fc.boolean(), async (rows, asInsert) => {
          await database.write("create", async (tx) => {
            await tx.all("DELETE FROM providers");
            if (asInsert) {
              const given = PROVIDERS.give(tx.dialect, rows);
              tx.run(insertRows("providers", given), given.bindings);
            } else {
              tx.insert("providers", PROVIDERS, rows);
            }
          });
          const names = Object.keys(COLUMNS).join(", ");
          const stored = await database.reader.all<(typeof rows)[number]>(
            `SELECT ${names} FROM providers ORDER BY name`,
          );
          expect(
            stored.map((row) => ({ ...row, defined_in_file: Boolean(row.defined_in_file) })),
          ).to.deep.equal(rows);
        }),
        { numRuns: 60 },
      );
    });

    it("know their place", async () => {
      const rows = ["c", "a", "b"].map((name) => ({ name }));
      const given = PROVIDERS.give(database.dialect, rows);
      const found = await database.reader.all(
        `SELECT x.place, x.name FROM ${given.from} ORDER BY x.name`,
        given.bindings,
      );
      expect(found).to.deep.equal([
        { place: 1, name: "a" },
        { place: 2, name: "b" },
        { place: 0, name: "c" },
      ]);
    });
  });
}
