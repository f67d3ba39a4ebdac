import { expect } from "chai";
import type { ImportLine } from "../../src/import/import-line.js";
import { batchLines } from "../../src/import/line-batches.js";
import { readAhead } from "../../src/import/read-ahead.js";

function lines(ids: readonly string[], content = ""): ImportLine[] {
  return ids.map((id, index) => ({
    kind: "draft",
    line: index + 1,
    content,
    draft: { id, number: id, items: [] },
  }));
}

async function sizes(all: readonly ImportLine[], block = 300): Promise<number[]> {
  async function* blocks() {
    for (let at = 0; at < all.length; at += block) yield all.slice(at, at + block);
  }
  const found: ImportLine[][] = [];
  for await (const batch of readAhead(batchLines(blocks()))) found.push([...batch]);
  expect(found.flat()).to.deep.equal(all);
  return found.map(({ length }) => length);
}

const several = (count: number, id: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => id(n));

describe("batchLines", () => {
  it("makes batches of a thousand lines", async () => {
    expect(await sizes(lines(several(2500, String)))).to.deep.equal([1000, 1000, 500]);
    expect(await sizes([])).to.deep.equal([]);
  });

  it("keeps lines of one subscription together that follow one another", async () => {
    const ids = several(2100, (n) => `S-${Math.floor(n / 300)}`);
    expect(await sizes(lines(ids))).to.deep.equal([900, 900, 300]);
  });

  it("cuts a subscription with more lines than a batch", async () => {
    expect(await sizes(lines(several(2500, () => "S")))).to.deep.equal([1000, 1000, 500]);
  });

  it("makes smaller batches of long lines", async () => {
    const long = lines(several(10, String), "x".repeat(200 * 1024));
    expect(await sizes(long)).to.deep.equal([2, 2, 2, 2, 2]);
  });
});

describe("readAhead", () => {
  it("is one item ahead, no more, and stops its source", async () => {
    const made: number[] = [];
    let stopped = false;
    async function* source() {
      try {
        for (let n = 0; ; n += 1) {
          made.push(n);
          yield n;
        }
      } finally {
        stopped = true;
      }
    }
    for await (const n of readAhead(source())) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(made.at(-1)).to.equal(n + 1);
      if (n === 3) break;
    }
    expect(stopped).to.equal(true);
  });

  it("hands a failure on when its turn comes", async () => {
    async function* source() {
      yield 1;
      throw new Error("broken");
    }
    const seen: unknown[] = [];
    try {
      for await (const n of readAhead(source())) {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(n);
      }
    } catch (error) {
      seen.push(error instanceof Error && error.message);
    }
    expect(seen).to.deep.equal([1, "broken"]);
  });
});
