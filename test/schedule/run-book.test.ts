import { expect } from "chai";
import pino from "pino";
import { RunBook } from "../../src/schedule/run-book.js";
import type { ClaimRun } from "../../src/store/dispatch-store.js";
import type { RunStore } from "../../src/store/run-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { QUIET } from "./quiet-definition.js";

describe("the run book", () => {
  it("does not begin again what it has just ended, though it was read as active before", async () => {
    const active: ClaimRun[] = [];
    const store: Partial<RunStore> = {
      start: async (run) => {
        active.push(run);
        return true;
      },
      // As a look that began before the end was written.
      end: async () => undefined,
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
});
