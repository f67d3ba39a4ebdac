import { expect } from "chai";
import fc from "fast-check";
import { backoffMs } from "../../src/requests/backoff.js";

const BACKOFF = { baseMs: 1000, maxMs: 60_000 };

describe("backoff", () => {
  it("doubles its cap with each try, up to the longest wait", () => {
    const caps = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((tries) => backoffMs(BACKOFF, tries, 1));
    expect(caps).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("takes anything from nothing to the cap", () => {
    expect([0, 0.25, 0.5].map((random) => backoffMs(BACKOFF, 3, random))).to.deep.equal([
      0, 1000, 2000,
    ]);
  });

  it("takes no tries for one", () => {
    expect(backoffMs(BACKOFF, 0, 1)).to.equal(1000);
  });

  it("is a whole number between 0 and the longest wait, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.record({ baseMs: fc.integer({ min: 1, max: 10 ** 9 }), maxMs: fc.nat(10 ** 9) }),
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (backoff, tries, random) => {
          const wait = backoffMs(backoff, tries, random);
          expect(Number.isSafeInteger(wait)).to.equal(true);
          expect(wait).to.be.within(0, backoff.maxMs);
        },
      ),
    );
  });
});
