import { expect } from "chai";
import { scheduledJobs } from "node-schedule";
import pino from "pino";
import {
  DEFAULT_RUN_DEFINITION,
  type StoredRunDefinition,
} from "../../src/providers/run-definition.js";
import { Scheduler } from "../../src/schedule/scheduler.js";
import { ManualClock } from "../support/manual-clock.js";

const DEFINITION: StoredRunDefinition = {
  ...DEFAULT_RUN_DEFINITION,
  name: "looked at as the scheduler stops",
  definedInFile: false,
  lifeCycleReason: undefined,
  version: 1,
  lastTick: undefined,
  createdDate: 0,
  updatedDate: 0,
  createdBy: undefined,
  updatedBy: undefined,
};

describe("Scheduler", () => {
  it("ticks no more once it has stopped, though it was looking at the definitions", async () => {
    const clock = new ManualClock();
    const looks: (() => void)[] = [];
    const scheduler = new Scheduler({
      definitions: {
        list: () =>
          new Promise((resolve) => {
            looks.push(() => resolve([DEFINITION]));
          }),
      },
      leftRuns: { end: async () => undefined },
      book: { define: () => undefined, tick: async () => undefined },
      clock,
      log: pino({ level: "silent" }),
    });
    const started = scheduler.start();
    looks.shift()?.();
    await started;
    expect(scheduledJobs).to.have.property(DEFINITION.name);

    scheduler.hurry();
    clock.advance(0);
    expect(looks).to.have.lengthOf(1);
    const stopped = scheduler.stop();
    looks.shift()?.();
    await stopped;
    expect(scheduledJobs).not.to.have.property(DEFINITION.name);
    expect(clock.pending).to.equal(0);
  });
});
