import { expect } from "chai";
import pino from "pino";
import { ResultWriter } from "../../src/dispatch/result-writer.js";
import type {
  Applied,
  DispatchStore,
  HeadResult,
  Succession,
} from "../../src/store/dispatch-store.js";
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

const refused = Object.assign(new Error("invalid input syntax"), { code: "22P02" });
const down = Object.assign(new Error("the server is shutting down"), { code: "57P01" });

/** A writer over a store that takes what `fault` finds nothing wrong with. */
function pickyStage(fault: (result: HeadResult) => Error | undefined) {
  const clock = new ManualClock();
  const written: HeadResult[] = [];
  const write = async (_incarnation: string, results: readonly HeadResult[]): Promise<Applied> => {
    for (const result of results) {
      const error = fault(result);
      if (error !== undefined) throw error;
    }
    written.push(...results);
    return { applied: results.map(() => true), date: 1 };
  };
  const writer = new ResultWriter({
    incarnation: "instance-1",
    store: { apply: write, finishLast: write },
    clock,
    log: pino({ level: "silent" }),
  });
  return { writer, clock, written };
}

function finished(number: number, referenceNumber: string): HeadResult {
  return {
    kind: "finish",
    head: claimedHead(number),
    processName: "default",
    processId: undefined,
    state: "COMPLETED",
    executedDate: 1,
    request: "asked",
    response: "answered",
    referenceNumber,
    answer: undefined,
    errorCode: undefined,
    errorDescription: undefined,
    errorOrigin: undefined,
    attempts: 1,
  };
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
    expect(await urgent).to.deep.include({ date: 1, laneGone: false });
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

  it("writes what a working database refuses without its texts, and holds up no other", async () => {
    const { writer, written } = pickyStage((result) =>
      result.kind === "finish" && result.referenceNumber === "odd" ? refused : undefined,
    );
    const results = [1, 2, 3, 4, 5].map((number) => finished(number, number === 3 ? "odd" : "R"));
    const landed = await Promise.all(results.map((result) => writer.write(result)));
    const bare = { ...finished(3, ""), request: undefined, response: undefined };
    expect(landed[2]?.result).to.deep.equal({ ...bare, referenceNumber: undefined });
    for (const i of [0, 1, 3, 4]) expect(landed[i]?.result).to.equal(results[i]);
    expect(written.map(({ head }) => head.number).sort()).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it("tries what is refused even so ever more rarely, until it is taken", async () => {
    let tries = 0;
    let takes = false;
    const { writer, clock } = pickyStage(() => {
      tries += 1;
      return takes ? undefined : refused;
    });
    const written = writer.write(finished(1, "R"));
    // Twice each: as the last of its lane, and once more alone after a pause that doubles.
    await turn();
    await turn();
    const triesAfter = async (ms: number) => {
      clock.advance(ms);
      for (let i = 0; i < 3; i += 1) await turn();
      return tries;
    };
    expect(await triesAfter(0)).to.equal(2);
    expect(await triesAfter(199)).to.equal(2);
    expect(await triesAfter(1)).to.equal(3);
    expect(await triesAfter(399)).to.equal(3);
    expect(await triesAfter(1)).to.equal(4);
    takes = true;
    await triesAfter(800);
    expect((await written)?.date).to.equal(1);
    await writer.idle();
    expect(clock.pending).to.equal(0);
  });

  for (const [title, error] of [
    ["refused", refused],
    ["down", down],
  ] as const) {
    it(`lets go of what waits when it is abandoned: ${title}`, async () => {
      const { writer, clock } = pickyStage(() => error);
      const written = writer.write(finished(1, "R"));
      for (let i = 0; i < 4; i += 1) await turn();
      writer.abandon();
      expect(await written).to.equal(undefined);
      await writer.idle();
      expect(clock.pending).to.equal(0);
    });
  }
});

describe("a result writer whose results ask whether their lanes may go on", () => {
  function askingStage() {
    const asked: (readonly Succession[] | undefined)[] = [];
    const successor = claimedHead(99);
    const apply: DispatchStore["apply"] = async (_incarnation, results, successions) => {
      asked.push(successions);
      const applied = results.map(() => true);
      return { applied, date: 1, successors: new Map([[results[0]?.head.number ?? 0, successor]]) };
    };
    const finishLast: DispatchStore["finishLast"] = async (_incarnation, results) => ({
      applied: results.map(({ head }) => head.number !== 3),
      date: 1,
    });
    const writer = new ResultWriter({
      incarnation: "instance-1",
      store: { apply, finishLast },
      clock: new ManualClock(),
      log: pino({ level: "silent" }),
    });
    return { writer, asked, successor };
  }

  const succession = (provider: string) => ({ provider, providerVersion: 1, runId: "run-1" });
  const behind = (number: number): HeadResult => ({
    ...finished(number, `R-${number}`),
    head: { ...claimedHead(number), depth: 2 },
  });

  it("asks once for each provider, as they are written, for those that are not the last", async () => {
    const { writer, asked, successor } = askingStage();
    const counts: Record<string, number[]> = { alpha: [], beta: [], gamma: [] };
    const asking = (provider: string, answer = true) => {
      return (results: number) => {
        counts[provider]?.push(results);
        return answer ? succession(provider) : undefined;
      };
    };
    const [alpha, beta, gamma] = [asking("alpha"), asking("beta"), asking("gamma", false)];
    const written = await Promise.all([
      writer.write(behind(1), alpha),
      writer.write(finished(2, "R-2"), alpha),
      writer.write(finished(3, "R-3"), alpha),
      writer.write(behind(4), beta),
      writer.write(behind(5), gamma),
      writer.write(behind(6)),
    ]);
    expect(counts).to.deep.equal({ alpha: [2], beta: [1], gamma: [1] });
    expect(asked).to.deep.equal([[succession("alpha"), succession("beta")]]);
    expect(written.map((landed) => landed?.successor?.number)).to.deep.equal([
      successor.number,
      ...Array.from({ length: 5 }, () => undefined),
    ]);
  });
});

describe("a result writer with many results", () => {
  it("writes a second batch beside the first once a hundred wait, and no third", async () => {
    const { underWay, write } = stage();
    void write(0);
    await new Promise(setImmediate);
    for (let number = 1; number < 100; number += 1) void write(number);
    await new Promise(setImmediate);
    expect(underWay.map(({ numbers }) => numbers.length)).to.deep.equal([1]);
    void write(100);
    await new Promise(setImmediate);
    for (let number = 101; number < 300; number += 1) void write(number);
    await new Promise(setImmediate);
    expect(underWay.map(({ numbers }) => numbers.length)).to.deep.equal([1, 100]);
  });
});
