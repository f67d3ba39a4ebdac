import { expect } from "chai";
import { scheduledJobs } from "node-schedule";
import pino from "pino";
import {
  DEFAULT_RUN_DEFINITION,
  type StoredRunDefinition,
} from "../../src/providers/run-definition.js";
import { Scheduler } from "../../src/schedule/scheduler.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually, present } from "../support/world/eventually.js";

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
  it("looks for the next tick anew when the wall clock goes back", async () => {
    const HOUR_MS = 3_600_000;
    const definition = { ...DEFINITION, name: "of a clock that goes back" };
    const clock = new ManualClock();
    const { now } = Date;
    let looks = 0;
    let ahead = 3 * HOUR_MS;
    const scheduler = new Scheduler({
      definitions: {
        list: async () => {
          looks += 1;
          return [definition];
        },
      },
      book: {
        define: () => undefined,
        tick: async () => undefined,
        follow: async () => undefined,
      },
      clock: {
        now: () => clock.now() + ahead,
        monotonic: () => clock.monotonic(),
        setTimer: (ms, fire) => clock.setTimer(ms, fire),
      },
      log: pino({ level: "silent" }),
    });
    const nextIn = () =>
      present(scheduledJobs[definition.name]?.nextInvocation() ?? undefined).getTime() - now();
    // node-schedule asks the machine's clock.
    Date.now = () => now() + ahead;
    try {
      await scheduler.start();
      expect(nextIn()).to.be.greaterThan(2 * HOUR_MS);
      ahead = 0;
      clock.advance(1_000);
      await eventually(
        "a tick that comes soon",
        async () => nextIn(),
        (ms) => ms < HOUR_MS,
      );
      expect(looks).to.equal(2);
    } finally {
      Date.now = now;
      await scheduler.stop();
    }
  });

  it("takes a tick at once that the wall clock has passed over by going forward", async () => {
    const HOUR_MS = 3_600_000;
    const definition = { ...DEFINITION, name: "of a clock that goes forward", cron: "0 0 * * * *" };
    const clock = new ManualClock();
    const { now } = Date;
    const ticks: number[] = [];
    let ahead = 0;
    const scheduler = new Scheduler({
      definitions: { list: async () => [definition] },
      book: {
        define: () => undefined,
        tick: async (_name, fireDate) => {
          ticks.push(fireDate);
        },
        follow: async () => undefined,
      },
      clock: {
        now: () => now() + ahead,
        monotonic: () => clock.monotonic(),
        setTimer: (ms, fire) => clock.setTimer(ms, fire),
      },
      log: pino({ level: "silent" }),
    });
    // node-schedule asks the machine's clock.
    Date.now = () => now() + ahead;
    try {
      await scheduler.start();
      ahead = 3 * HOUR_MS;
      clock.advance(1_000);
      await eventually(
        "the tick",
        async () => ticks,
        ({ length }) => length > 0,
      );
      clock.advance(1_000);
      expect(ticks).to.have.lengthOf(1);
      expect(ticks[0]).to.be.greaterThan(now() + 2 * HOUR_MS);
      const next = present(scheduledJobs[definition.name]?.nextInvocation() ?? undefined);
      expect(next.getTime() - Date.now()).to.be.within(0, HOUR_MS);
    } finally {
      Date.now = now;
      await scheduler.stop();
    }
  });

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
      book: {
        define: () => undefined,
        tick: async () => undefined,
        follow: async () => undefined,
      },
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
