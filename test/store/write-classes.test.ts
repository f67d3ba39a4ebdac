import { expect } from "chai";
import type { Database, WriteClass } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { completed } from "../conformance/store/results.js";
import { claimedHead } from "../dispatch/claimed-head.js";

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
