import { expect } from "chai";
import pino from "pino";
import { RunBook } from "../../src/schedule/run-book.js";
import type { ClaimRun } from "../../src/store/dispatch-store.js";
import type { RunStore } from "../../src/store/run-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { QUIET } from "./quiet-definition.js";

const LEFT: ClaimRun = {
  id: "run-1",
  definition: QUIET.name,
  definitionVersion: 1,
  trigger: "WAKE",
  startDate: 1,
  fireDate: undefined,
};

/** A book connected to one provider, over a store whose runs stay active whatever is done. */
function stage(active: ClaimRun[]) {
  const ended: string[] = [];
  const store: Partial<RunStore> = {
    start: async (run) => {
      active.push(run);
      return true;
    },
    end: async (id) => {
      ended.push(id);
    },
    toJoin: async () => active,
  };
  const book = new RunBook({
    store: store as RunStore,
    incarnation: () => "instance-1",
    wakeProviders: () => ["alpha"],
    announce: () => undefined,
    newId: () => "run-1",
    clock: new ManualClock(),
    log: pino({ level: "silent" }),
  });
  return { book, ended };
}

describe("the run book", () => {
  it("does not begin again what it has just ended, though it was read as active before", async () => {
    const { book } = stage([]);
    book.define([QUIET]);
    await book.start(QUIET.name, QUIET);
    const run = book.runFor("alpha");
    if (run === undefined) throw new Error("the run has not begun");
    book.claimed(run, "alpha", 0, true);
    await book.follow();
    expect(book.runFor("alpha")).to.equal(undefined);
    // It is active still: its end was refused, or could not be written.
    await book.follow();
    expect(book.runFor("alpha")?.id).to.equal("run-1");
  });

  it("ends what it finds active of a definition that is not effective any more", async () => {
    const { book, ended } = stage([LEFT]);
    book.define([]);
    await book.follow();
    expect(ended).to.deep.equal(["run-1"]);
  });

  it("ends what it finds begun by a request under another version, claiming nothing in it", async () => {
    const { book, ended } = stage([LEFT]);
    book.define([{ ...QUIET, version: 2 }]);
    await book.follow();
    expect(book.runFor("alpha")).to.equal(undefined);
    expect(ended).to.deep.equal(["run-1"]);
  });
});
