import { expect } from "chai";
import type { ClaimedHead } from "../../../src/store/dispatch-store.js";
import { onCards } from "../../conformance/store/creates.js";
import { POSTGRES } from "../../conformance/store/instances.js";
import { completed } from "../../conformance/store/results.js";
import { RUN, setStage } from "../../conformance/store/stage.js";
import { eventually } from "../../support/world/eventually.js";

const RUNS = ["run-a", "run-b"] as const;

describe("the counts of runs on PostgreSQL", () => {
  const stage = setStage(POSTGRES);

  it("are locked in the same order by all batches of results", async () => {
    await stage.store(...onCards(4));
    const heads: ClaimedHead[] = [];
    for (const id of ["run-a", "run-b", "run-b", "run-a"]) {
      const run = { ...RUN, id, definition: `of ${id}` };
      heads.push(await stage.claimOne({ limit: 1, run }));
    }
    const results = heads.map((head, i) =>
      completed(head, { processId: i === 1 || i === 2 ? "run-b" : "run-a" }),
    );
    const batches = await stage.database.write("import", async (tx) => {
      await tx.all("SELECT 1 FROM runs WHERE id = ? FOR UPDATE", [RUNS[0]]);
      // One batch names run-a first, the other run-b: both must wait for run-a, and hold nothing.
      const underWay = Promise.all([
        stage.apply(...results.slice(0, 2)),
        stage.apply(...results.slice(2)),
      ]);
      await eventually(
        "both batches to wait",
        () =>
          stage.execute(
            `SELECT 1 FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE runs%'`,
          ),
        (waiting) => waiting.length === 2,
      );
      const free = "SELECT id FROM runs WHERE id = ? FOR UPDATE SKIP LOCKED";
      expect(await stage.execute(free, [RUNS[1]])).to.have.lengthOf(1);
      return { underWay };
    });
    expect((await batches.underWay).flat()).to.deep.equal([true, true, true, true]);
    const counts = await stage.execute("SELECT id, completed FROM runs ORDER BY id");
    expect(counts).to.deep.equal(RUNS.map((id) => ({ id, completed: 2 })));
  });
});
