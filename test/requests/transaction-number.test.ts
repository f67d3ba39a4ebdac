import { expect } from "chai";
import fc from "fast-check";
import { raisePast, TRANSACTIONS, transactionOf } from "../../src/requests/transaction-number.js";

const anySequence = fc.integer({ min: 0, max: 10 * TRANSACTIONS });
const anyTransaction = fc.integer({ min: 1, max: TRANSACTIONS });

describe("transaction numbers", () => {
  it("run from 1 to 2^32-1, then from 1 again", () => {
    const sequences = [
      1,
      2,
      TRANSACTIONS - 1,
      TRANSACTIONS,
      TRANSACTIONS + 1,
      2 * TRANSACTIONS + 7,
    ];
    expect(sequences.map(transactionOf)).to.deep.equal([1, 2, 4_294_967_294, 4_294_967_295, 1, 7]);
  });

  it("are never 0 and repeat only after a whole circle", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * TRANSACTIONS }), (sequence) => {
        expect(transactionOf(sequence)).to.be.within(1, TRANSACTIONS);
        expect(transactionOf(sequence + TRANSACTIONS)).to.equal(transactionOf(sequence));
        expect(transactionOf(sequence + 1)).not.to.equal(transactionOf(sequence));
      }),
    );
  });
});

describe("raising the counter past what a CA system remembers", () => {
  const raised: readonly [counter: number, last: number, expected: number][] = [
    [0, 0, 0],
    [7, 0, 7],
    [0, 1, 1],
    [0, 5000, 5000],
    [7, 7, 7],
    [7, 6, 7],
    [7, 8, 8],
    [TRANSACTIONS - 1, 3, TRANSACTIONS + 3],
    [TRANSACTIONS, 1, TRANSACTIONS + 1],
    [TRANSACTIONS + 5, TRANSACTIONS - 5, TRANSACTIONS + 5],
    [3 * TRANSACTIONS + 5, 9, 3 * TRANSACTIONS + 9],
  ];
  for (const [counter, last, expected] of raised) {
    it(`makes ${expected} of ${counter} when it remembers ${last}`, () => {
      expect(raisePast(counter, last)).to.equal(expected);
    });
  }

  it("never lowers it, nor by more than half a circle", () => {
    fc.assert(
      fc.property(anySequence, anyTransaction, (counter, last) => {
        expect(raisePast(counter, last) - counter).to.be.within(0, TRANSACTIONS / 2);
      }),
    );
  });

  it("leaves the remembered one behind, or as it was", () => {
    fc.assert(
      fc.property(anySequence, anyTransaction, (counter, last) => {
        const after = raisePast(counter, last);
        if (after > counter) expect(transactionOf(after)).to.equal(last);
        expect(raisePast(after, last)).to.equal(after);
      }),
    );
  });
});
