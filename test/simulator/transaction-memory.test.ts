import { expect } from "chai";
import fc from "fast-check";
import { digestLength, TransactionMemory } from "../../src/simulator/transaction-memory.js";

const digest = (seed: number) => Buffer.alloc(digestLength, seed);

describe("simulator: transaction memory against a plain map", () => {
  it("agrees on every number, whatever the order, gaps and evictions", () => {
    // Few low bits and many high ones: numbers that crowd into the same part of a hash table.
    const number = fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 0xffff }).map((high) => (high * 0x10000) >>> 0),
      fc.integer({ min: 1, max: 0xffff_ffff }),
    );
    const step = fc.record({
      number,
      seed: fc.integer({ min: 0, max: 3 }),
      wait: fc.nat(9_000_000),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (steps, limit) => {
          const memory = new TransactionMemory(limit);
          const model = new Map<number, { seed: number; at: number }>();
          let now = 0;
          for (const { number, seed, wait } of steps) {
            now += wait;
            for (const [old, { at }] of model) if (now - at >= 86_400_000) model.delete(old);
            const known = model.get(number);
            const expected =
              known === undefined ? "new" : known.seed === seed ? "same_bytes" : "other_bytes";
            expect(memory.recall(number, digest(seed), now).kind).to.equal(expected);
            if (known !== undefined) continue;
            memory.remember(number, digest(seed), undefined, now);
            model.set(number, { seed, at: now });
            const [oldest] = model.keys();
            if (model.size > limit && oldest !== undefined) model.delete(oldest);
          }
          for (const [number, { seed }] of model) {
            expect(memory.recall(number, digest(seed), now).kind).to.equal("same_bytes");
          }
        },
      ),
    );
  });

  it("holds its limit through every growth of its ring", () => {
    const memory = new TransactionMemory(5000);
    for (let i = 1; i <= 12_000; i += 1) memory.remember(i * 7, digest(i % 4), undefined, 0);
    const kinds = Array.from(
      { length: 12_000 },
      (_, i) => memory.recall((i + 1) * 7, digest((i + 1) % 4), 0).kind,
    );
    expect(kinds.filter((kind) => kind === "same_bytes")).to.have.length(5000);
    expect(kinds.slice(7000).every((kind) => kind === "same_bytes")).to.equal(true);
    expect(memory.highest(0)).to.equal(84_000);
  });
});
