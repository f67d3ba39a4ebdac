import { expect } from "chai";
import type { Database, WriteClass } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { knexRequestStore } from "../../src/store/knex/knex-request-store.js";
import { sqliteDialect } from "../../src/store/sqlite/sqlite-dialect.js";
import { acceptance, type Create } from "../conformance/store/creates.js";
import { completed } from "../conformance/store/results.js";
import { claimedHead } from "../dispatch/claimed-head.js";
import { takes } from "../support/provider-rules.js";

describe("the write classes of results", () => {
  const classes: WriteClass[] = [];
  const database: Pick<Database, "write"> = {
    async write(writeClass) {
      classes.push(writeClass);
      throw new Error("nothing is written");
    },
  };
  const { apply, finishLast } = knexDispatchStore(database as Database);
  const results = (count: number, urgent: boolean) =>
    Array.from({ length: count }, (_, i) => completed({ ...claimedHead(i), urgent }));

  async function classOf(batch: readonly ReturnType<typeof completed>[]): Promise<WriteClass[]> {
    classes.length = 0;
    for (const write of [() => apply("instance-1", batch), () => finishLast("instance-1", batch)]) {
      await write().catch(() => undefined);
    }
    return [...classes];
  }

  it("let few urgent ones pass claims, but not many of them", async () => {
    expect(await classOf(results(100, true))).to.deep.equal(["immediate", "immediate"]);
    expect(await classOf(results(101, true))).to.deep.equal(["dispatch", "dispatch"]);
  });

  it("leave all others in their turn, with urgent ones among them too", async () => {
    expect(await classOf(results(1, false))).to.deep.equal(["dispatch", "dispatch"]);
    const mixed = [...results(1, true), ...results(1, false)];
    expect(await classOf(mixed)).to.deep.equal(["dispatch", "dispatch"]);
  });
});

describe("the write classes of creates", () => {
  const classes: WriteClass[] = [];
  const database: Pick<Database, "write" | "requestIds" | "dialect" | "reader"> = {
    dialect: sqliteDialect,
    requestIds: { keyOf: () => 1 },
    reader: { dialect: sqliteDialect, all: async () => [] },
    async write(writeClass) {
      classes.push(writeClass);
      throw new Error("nothing is written");
    },
  };
  const { accept } = knexRequestStore(database as Database);

  async function classOf(create: Create, bulk: boolean): Promise<WriteClass[]> {
    classes.length = 0;
    const context = { rules: takes([]), claim: { incarnation: "", places: new Map() }, bulk };
    await accept([acceptance(create)], context).catch(() => undefined);
    return [...classes];
  }

  it("let immediate ones go first, and those of single calls before those of many", async () => {
    expect(await classOf({ processImmediately: true }, false)).to.deep.equal(["immediate"]);
    expect(await classOf({}, false)).to.deep.equal(["create"]);
    expect(await classOf({}, true)).to.deep.equal(["bulk"]);
  });
});
