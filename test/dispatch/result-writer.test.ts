import { expect } from "chai";
import pino from "pino";
import { ResultWriter } from "../../src/dispatch/result-writer.js";
import type { Applied, HeadResult } from "../../src/store/dispatch-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { claimedHead } from "./claimed-head.js";

/** A writer whose transactions end when the test says so. */
function stage() {
  const underWay: { readonly numbers: number[]; commit(): void }[] = [];
  const apply = (_incarnation: string, results: readonly HeadResult[]) =>
    new Promise<Applied>((resolve) => {
      underWay.push({
        numbers: results.map(({ head }) => head.number),
        commit: () => resolve({ applied: results.map(() => true), date: 1 }),
      });
    });
  const writer = new ResultWriter({
    incarnation: "instance-1",
    store: { apply, finishLast: apply },
    clock: new ManualClock(),
    log: pino({ level: "silent" }),
  });
  const write = (number: number, urgent = false) =>
    writer.write({
      kind: "release",
      head: { ...claimedHead(number), urgent },
      processName: "default",
      processId: undefined,
      returnToken: false,
      lastError: undefined,
    });
  return { writer, underWay, write };
}

/** Lets everything happen that needs no input from outside. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("ResultWriter", () => {
  it("gathers results while a batch is being written", async () => {
    const { underWay, write } = stage();
    void write(1);
    await turn();
    void write(2);
    void write(3);
    await turn();
    expect(underWay.map(({ numbers }) => numbers)).to.deep.equal([[1]]);
    underWay[0]?.commit();
    await turn();
    expect(underWay.map(({ numbers }) => numbers)).to.deep.equal([[1], [2, 3]]);
  });

  it("writes urgent results beside a batch of others, and not in one", async () => {
    const { underWay, write } = stage();
    void write(1);
    await turn();
    void write(2);
    const urgent = write(3, true);
    await turn();
    expect(underWay.map(({ numbers }) => numbers)).to.deep.equal([[1], [3]]);
    underWay[1]?.commit();
    expect(await urgent).to.deep.equal({ date: 1, laneGone: false });
  });

  for (const first of ["urgent", "others"] as const) {
    it(`is idle when neither kind is on the way to disk, ${first} first`, async () => {
      const { writer, underWay, write } = stage();
      void write(1, first === "urgent");
      void write(2, first !== "urgent");
      await turn();
      let idle = false;
      void writer.idle().then(() => {
        idle = true;
      });
      underWay[0]?.commit();
      await turn();
      expect(idle).to.equal(false);
      // One more of the kind that had nothing left.
      void write(3, first === "urgent");
      await turn();
      underWay[1]?.commit();
      await turn();
      expect(idle).to.equal(false);
      underWay[2]?.commit();
      await turn();
      expect(idle).to.equal(true);
    });
  }
});
