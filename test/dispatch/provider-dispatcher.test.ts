import { expect } from "chai";
import pino from "pino";
import type { CaSession } from "../../src/adapters/ca-adapter.js";
import { ProviderDispatcher } from "../../src/dispatch/provider-dispatcher.js";
import type { ResultWriter } from "../../src/dispatch/result-writer.js";
import type { SendMarks } from "../../src/dispatch/send-marks.js";
import { Settlements } from "../../src/dispatch/settlements.js";
import type { DispatchStore } from "../../src/store/dispatch-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually } from "../support/world/eventually.js";

const SESSION: CaSession = {
  window: 10,
  lastTransaction: 0,
  closed: new Promise(() => undefined),
  send: async () => ({ outcome: { kind: "unavailable", text: "a fake" } }),
  close: async () => undefined,
};

/** A dispatcher of one provider, whose claims nobody knows the end of while the database is down. */
function stage({ isDown }: { readonly isDown: boolean }) {
  const calls: string[] = [];
  const store = {
    claim: async () => {
      calls.push("claim");
      if (isDown) throw new Error("the connection broke");
      return { heads: [], more: false, contended: false, stale: false };
    },
    releaseStrays: async (_incarnation: string, provider: string) => {
      calls.push(`release strays of ${provider}`);
    },
  };
  const dispatcher = new ProviderDispatcher({
    provider: "alpha",
    incarnation: "instance-1",
    maySend: () => true,
    terms: () => ({
      version: 1,
      limits: { maxInFlight: 10, maxAttempts: 3, ratePerSecond: undefined, burst: 1 },
    }),
    backoff: { baseMs: 1, maxMs: 1 },
    store: store as unknown as DispatchStore,
    results: {} as ResultWriter,
    marks: {} as SendMarks,
    runs: {
      runFor: () => undefined,
      claimed: () => undefined,
      settled: () => undefined,
      unreachable: () => undefined,
    },
    settlements: new Settlements(),
    serviceCode: () => undefined,
    unseal: (pin) => pin,
    clock: new ManualClock(),
    random: () => 0,
    log: pino({ level: "silent" }),
    onImmediateEnded: () => undefined,
    onStale: () => undefined,
  });
  dispatcher.opened(SESSION);
  const claimed = () =>
    eventually(
      "a claim",
      async () => calls,
      ({ length }) => length === 1,
    );
  return { dispatcher, calls, claimed };
}

describe("the dispatcher of a provider that is let go of", () => {
  it("frees what a claim may have taken whose end nobody knows", async () => {
    const { dispatcher, calls, claimed } = stage({ isDown: true });
    await claimed();
    await dispatcher.stop();
    await dispatcher.freeStrays();
    expect(calls).to.deep.equal(["claim", "release strays of alpha"]);
  });

  it("frees what a create may have claimed for it, once that has ended", async () => {
    const { dispatcher, calls, claimed } = stage({ isDown: false });
    await claimed();
    expect(dispatcher.lend(1)).to.equal(1);
    await dispatcher.stop();
    const freed = dispatcher.freeStrays();
    dispatcher.repay(1, undefined);
    await freed;
    expect(calls).to.deep.equal(["claim", "release strays of alpha"]);
  });

  it("asks nothing of the database when it knows what became of all", async () => {
    const { dispatcher, calls, claimed } = stage({ isDown: false });
    await claimed();
    dispatcher.repay(dispatcher.lend(1), []);
    await dispatcher.stop();
    await dispatcher.freeStrays();
    expect(calls).to.deep.equal(["claim"]);
  });
});
