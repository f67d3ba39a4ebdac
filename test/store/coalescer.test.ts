import { expect } from "chai";
import { Coalescer } from "../../src/store/coalescer.js";

class DataFault extends Error {}
class Outage extends Error {}

interface Desk {
  readonly coalescer: Coalescer<number, string>;
  /** The batches that were written, in order. */
  readonly batches: (readonly number[])[];
  /** The most batches that were under way at once. */
  readonly most: () => number;
}

/** Writes numbers in batches of four; `check` may fail a batch. */
function open(
  check: (batch: readonly number[]) => void = () => undefined,
  maxWaiting = 100,
  besideFrom?: number,
): Desk {
  const batches: (readonly number[])[] = [];
  let underWay = 0;
  let most = 0;
  const coalescer = new Coalescer<number, string>({
    write: async (batch) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      check(batch);
      batches.push(batch);
      return batch.map((item) => `wrote ${item}`);
    },
    maxBatch: 4,
    maxWaiting,
    besideFrom,
    overloaded: () => new Error("overloaded"),
    isDataFault: (error) => error instanceof DataFault,
  });
  return { coalescer, batches, most: () => most };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** What became of each item, in short. */
function told(results: readonly PromiseSettledResult<string>[]): string[] {
  return results.map((result) =>
    result.status === "fulfilled" ? result.value : String(result.reason),
  );
}

describe("Coalescer", () => {
  it("writes what comes during a commit with the next, in order", async () => {
    const { coalescer, batches } = open();
    const results = await Promise.all(upTo(6).map((item) => coalescer.submit(item)));
    expect(results).to.deep.equal(upTo(6).map((item) => `wrote ${item}`));
    expect(batches).to.deep.equal([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  it("writes many at once in batches, in order, and answers in order", async () => {
    const { coalescer, batches } = open();
    const results = await coalescer.submitAll(upTo(10));
    expect(told(results)).to.deep.equal(upTo(10).map((item) => `wrote ${item}`));
    expect(batches.flat()).to.deep.equal(upTo(10));
    expect(batches.map(({ length }) => length)).to.deep.equal([4, 4, 2]);
    expect(await coalescer.submitAll([])).to.deep.equal([]);
  });

  it("writes one batch after the other, however many items wait", async () => {
    const { coalescer, most } = open();
    await Promise.all(upTo(20).map((item) => coalescer.submit(item)));
    expect(most()).to.equal(1);
  });

  it("writes two batches at once where so many wait that the second is worth it", async () => {
    const { coalescer, batches, most } = open(undefined, 100, 3);
    const results = await Promise.all(upTo(20).map((item) => coalescer.submit(item)));
    expect(results).to.deep.equal(upTo(20).map((item) => `wrote ${item}`));
    expect(most()).to.equal(2);
    expect(batches.flat().toSorted((a, b) => a - b)).to.deep.equal(upTo(20));
  });

  it("writes what belongs together one batch after the other, and something else beside it", async () => {
    const { coalescer, batches, most } = open(undefined, 100, 4);
    const calls = [upTo(10), upTo(10).map((i) => i + 10), upTo(3).map((i) => i + 20)];
    const results = await Promise.all(calls.map((call) => coalescer.submitAll(call)));
    expect(results.flat().map((result) => result.status)).to.deep.equal(
      Array(23).fill("fulfilled"),
    );
    expect(most()).to.equal(2);
    const written = batches.flat();
    for (const call of calls) {
      expect(written.filter((item) => call.includes(item))).to.deep.equal(call);
    }
    expect(batches.slice(0, 2)).to.deep.equal([
      [0, 1, 2, 3],
      [10, 11, 12, 13],
    ]);
  });

  it("writes a single call one batch after the other", async () => {
    const { coalescer, most } = open(undefined, 100, 4);
    await coalescer.submitAll(upTo(20));
    expect(most()).to.equal(1);
  });

  it("leaves few to the batch after the one under way", async () => {
    const { coalescer, batches, most } = open(undefined, 100, 3);
    await Promise.all(upTo(6).map((item) => coalescer.submit(item)));
    expect(batches.map(({ length }) => length)).to.deep.equal([4, 2]);
    expect(most()).to.equal(1);
  });

  it("is idle when the last of its batches is written", async () => {
    const { coalescer, batches } = open(undefined, 100, 3);
    const all = upTo(20).map((item) => coalescer.submit(item));
    await coalescer.idle();
    expect(batches.flat()).to.have.length(20);
    await Promise.all(all);
    await coalescer.idle();
  });

  it("writes what comes as the last batch ends", async () => {
    const { coalescer, batches } = open(undefined, 100, 3);
    let left = 50;
    const next = async (item: number): Promise<void> => {
      await coalescer.submit(item);
      if (left > 0) await next(left--);
    };
    await Promise.all(upTo(8).map(next));
    expect(batches.flat()).to.have.length(58);
  });

  it("lets a faulty item stand alone and writes the others in order", async () => {
    const { coalescer, batches } = open((batch) => {
      if (batch.includes(5)) throw new DataFault("five");
    });
    const results = await coalescer.submitAll(upTo(10));
    expect(told(results)).to.deep.equal(
      upTo(10).map((item) => (item === 5 ? "Error: five" : `wrote ${item}`)),
    );
    expect(batches.flat()).to.deep.equal([0, 1, 2, 3, 4, 6, 7, 8, 9]);
  });

  it("writes nothing of what belongs together after a batch that failed", async () => {
    const { coalescer, batches } = open((batch) => {
      if (batch.includes(5)) throw new Outage("down");
    });
    const results = coalescer.submitAll(upTo(10));
    const other = coalescer.submit(77);
    expect(told(await results)).to.deep.equal([
      ...upTo(4).map((item) => `wrote ${item}`),
      ...upTo(6).map(() => "Error: down"),
    ]);
    expect(await other).to.equal("wrote 77");
    expect(batches.flat()).to.deep.equal([0, 1, 2, 3, 77]);
  });

  it("refuses what it has no room for, all of it", async () => {
    const { coalescer, batches } = open(undefined, 5);
    const kept = coalescer.submitAll(upTo(3));
    const [refused] = await Promise.allSettled([coalescer.submitAll(upTo(3))]);
    expect(refused).to.have.property("status", "rejected");
    await Promise.all([kept, coalescer.submit(3), coalescer.submit(4)]);
    expect(batches.flat()).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("drops what nobody waits for any more before its batch starts", async () => {
    const { coalescer, batches } = open();
    const waiter: { gone: unknown } = { gone: undefined };
    const first = coalescer.submit(0);
    const many = coalescer.submitAll(upTo(5), waiter);
    const one = coalescer.submit(7, waiter);
    const last = coalescer.submit(9);
    waiter.gone = new Error("gone");
    expect(told(await many)).to.deep.equal(upTo(5).map(() => "Error: gone"));
    expect(told(await Promise.allSettled([one]))).to.deep.equal(["Error: gone"]);
    expect(await Promise.all([first, last])).to.deep.equal(["wrote 0", "wrote 9"]);
    expect(batches).to.deep.equal([[0, 9]]);
    await coalescer.idle();
  });
});
