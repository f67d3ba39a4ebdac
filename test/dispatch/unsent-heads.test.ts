import { expect } from "chai";
import type { HeldHead } from "../../src/dispatch/held-head.js";
import { UnsentHeads } from "../../src/dispatch/unsent-heads.js";
import { claimedHead } from "./claimed-head.js";

const held = (number: number, urgent = false): HeldHead => ({
  head: { ...claimedHead(number), urgent },
  run: undefined,
  claim: undefined,
  late: false,
  renumbered: false,
});

function unsentOf(...heads: readonly HeldHead[]): UnsentHeads {
  const unsent = new UnsentHeads();
  for (const head of heads) unsent.add(head);
  return unsent;
}

/** The numbers of the heads, in the order in which they are taken. */
function taken(unsent: UnsentHeads): number[] {
  return Array.from({ length: unsent.size }, () => unsent.take()?.head.number ?? 0);
}

describe("UnsentHeads", () => {
  it("gives urgent ones first, each kind in the order it was claimed in", () => {
    const unsent = unsentOf(held(1), held(2), held(3, true), held(4), held(5, true));
    expect(unsent.size).to.equal(5);
    expect(taken(unsent)).to.deep.equal([3, 5, 1, 2, 4]);
    expect(unsent.take()).to.equal(undefined);
  });

  it("gives every tenth place to one that is not urgent", () => {
    const urgent = Array.from({ length: 30 }, (_, i) => held(100 + i, true));
    const order = taken(unsentOf(held(1), held(2), ...urgent));
    expect([order.indexOf(1), order.indexOf(2)]).to.deep.equal([9, 19]);
    expect(order.filter((number) => number >= 100)).to.deep.equal(
      urgent.map(({ head }) => head.number),
    );
  });

  it("gives one that was put back before all others of its kind", () => {
    const unsent = unsentOf(held(1), held(2, true), held(3, true), held(4));
    unsent.putBack(held(5));
    unsent.putBack(held(6, true));
    expect(taken(unsent)).to.deep.equal([6, 2, 3, 5, 1, 4]);
  });

  it("gives all of them up at once", () => {
    const unsent = unsentOf(held(1), held(2, true));
    expect(unsent.takeAll().map(({ head }) => head.number)).to.deep.equal([2, 1]);
    expect(unsent.size).to.equal(0);
  });
});
