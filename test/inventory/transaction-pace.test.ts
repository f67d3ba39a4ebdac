import { expect } from "chai";
import { TransactionPace } from "../../src/store/knex/transaction-pace.js";

describe("TransactionPace", () => {
  it("settles where transactions take the target", () => {
    const pace = new TransactionPace(20);
    for (let n = 0; n < 20; n += 1) pace.measured(pace.lines, pace.lines * 0.05);
    expect(pace.lines).to.equal(400);
  });

  it("halves at most, and doubles at most", () => {
    const pace = new TransactionPace(20);
    const before = pace.lines;
    pace.measured(before, 10_000);
    expect(pace.lines).to.equal(before / 2);
    pace.measured(before / 2, 0);
    expect(pace.lines).to.equal(before);
  });

  it("stays between one line and a thousand", () => {
    const pace = new TransactionPace(20);
    for (let n = 0; n < 20; n += 1) pace.measured(pace.lines, 0);
    expect(pace.lines).to.equal(1000);
    for (let n = 0; n < 20; n += 1) pace.measured(pace.lines, 10_000);
    expect(pace.lines).to.equal(1);
    pace.measured(1, 0);
    expect(pace.lines).to.equal(2);
  });

  it("does not grow for a small transaction that was fast", () => {
    const pace = new TransactionPace(20);
    const before = pace.lines;
    pace.measured(1, 0.1);
    expect(pace.lines).to.equal(before);
  });

  it("is fixed where writers do not wait for one another", () => {
    const pace = new TransactionPace(undefined);
    pace.measured(1000, 10_000);
    expect(pace.lines).to.equal(1000);
  });
});
