import { expect } from "chai";
import pino from "pino";
import type { CaSession, Delivery } from "../../src/adapters/ca-adapter.js";
import { ProviderDispatcher } from "../../src/dispatch/provider-dispatcher.js";
import type { Landed, ResultWriter } from "../../src/dispatch/result-writer.js";
import type { SendMarks } from "../../src/dispatch/send-marks.js";
import { Settlements } from "../../src/dispatch/settlements.js";
import type {
  ClaimedHead,
  ClaimRun,
  DispatchStore,
  HeadResult,
} from "../../src/store/dispatch-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually } from "../support/world/eventually.js";
import { claimedHead } from "./claimed-head.js";

const SESSION: CaSession = {
  window: 10,
  lastTransaction: 0,
  retired: new Promise(() => undefined),
  closed: new Promise(() => undefined),
  send: async () => ({ outcome: { kind: "accepted", reference: "R-1" } }),
  close: async () => undefined,
};

const RUN: ClaimRun = {
  id: "run-1",
  definition: "default",
  definitionVersion: 1,
  trigger: "MANUAL",
  startDate: 1,
  fireDate: undefined,
};

interface Stage {
  /** Claims fail, and nobody knows whether they were committed. */
  readonly isDown?: boolean;
  /** Heads of each claim; those after the last one find nothing. */
  readonly claims?: readonly (readonly ClaimedHead[])[];
  /** So many heads may be in hand. */
  readonly maxInFlight?: number;
  /** So many commands may be under way. */
  readonly window?: number;
  /** Something waits behind each head. */
  readonly behind?: boolean;
  /** Happens while the database is at the first claim. */
  readonly whileClaiming?: (dispatcher: ProviderDispatcher) => void;
  readonly send?: CaSession["send"];
  readonly maySend?: () => boolean;
  /** The part of the provider's connections that are this process's. */
  readonly share?: number;
}

/** A dispatcher of one provider, over a store that says what the test wants. */
function stage({
  isDown = false,
  claims = [],
  maxInFlight = 10,
  window = SESSION.window,
  behind = false,
  whileClaiming = () => undefined,
  send = SESSION.send,
  maySend = () => true,
  share = 1,
}: Stage) {
  const calls: string[] = [];
  const limits: number[] = [];
  const drained: boolean[] = [];
  const settled: boolean[] = [];
  const clock = new ManualClock();
  const left = [...claims];
  const store = {
    claim: async ({ limit }: { limit: number }) => {
      calls.push("claim");
      limits.push(limit);
      if (limits.length === 1) whileClaiming(dispatcher);
      if (isDown) throw new Error("the connection broke");
      const heads = left.shift() ?? [];
      return { heads, more: heads.length === limit, contended: false, stale: false };
    },
    releaseStrays: async (_incarnation: string, provider: string) => {
      calls.push(`release strays of ${provider}`);
    },
  };
  const results = {
    write: async (result: HeadResult): Promise<Landed> => {
      calls.push("result");
      return { date: 1, laneGone: !behind, result };
    },
  };
  const dispatcher = new ProviderDispatcher({
    provider: "alpha",
    incarnation: "instance-1",
    maySend,
    terms: () => ({
      version: 1,
      share,
      limits: { maxInFlight, maxAttempts: 3, ratePerSecond: undefined, burst: 1 },
    }),
    backoff: { baseMs: 1, maxMs: 1 },
    store: store as unknown as DispatchStore,
    results: results as unknown as ResultWriter,
    marks: {} as SendMarks,
    runs: {
      runFor: () => RUN,
      claimed: (_run, _provider, _selected, isDrained) => {
        drained.push(isDrained);
      },
      settled: (_run, _provider, more) => {
        settled.push(more);
      },
      unreachable: () => undefined,
    },
    settlements: new Settlements(),
    serviceCode: () => undefined,
    unseal: (pin) => pin,
    clock,
    random: () => 0,
    log: pino({ level: "silent" }),
    onImmediateEnded: () => undefined,
    onStale: () => undefined,
  });
  dispatcher.opened({ ...SESSION, window, send });
  const claimed = () =>
    eventually(
      "a claim",
      async () => calls,
      ({ length }) => length === 1,
    );
  return { dispatcher, calls, limits, drained, settled, clock, claimed };
}

/** Lets everything happen that needs no input from outside. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
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
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    expect(dispatcher.lend(1)).to.equal(1);
    await dispatcher.stop();
    const freed = dispatcher.freeStrays();
    dispatcher.repay(1, undefined);
    await freed;
    expect(calls).to.deep.equal(["claim", "release strays of alpha"]);
  });

  it("asks nothing of the database when it knows what became of all", async () => {
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    dispatcher.repay(dispatcher.lend(1), []);
    await dispatcher.stop();
    await dispatcher.freeStrays();
    expect(calls).to.deep.equal(["claim"]);
  });
});

describe("the dispatcher of a provider, when a head is done", () => {
  it("claims nothing when its lane is gone and all that was ready had room", async () => {
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    dispatcher.repay(dispatcher.lend(1), [claimedHead(1)]);
    await settle();
    expect(calls).to.deep.equal(["claim", "result"]);
  });

  it("claims what waited behind it", async () => {
    const { dispatcher, calls, claimed } = stage({ behind: true });
    await claimed();
    dispatcher.repay(dispatcher.lend(1), [claimedHead(1)]);
    await settle();
    expect(calls).to.deep.equal(["claim", "result", "claim"]);
  });

  it("claims what had no room before", async () => {
    const heads = [[claimedHead(1, "000000000001")], [claimedHead(2, "000000000002")]];
    const { calls } = stage({ claims: heads, maxInFlight: 1 });
    await settle();
    expect(calls).to.deep.equal(["claim", "result", "claim", "result", "claim"]);
  });

  it("claims what had no room for a loan that ended with nothing", async () => {
    const { dispatcher, calls, claimed } = stage({ maxInFlight: 1 });
    await claimed();
    const places = dispatcher.lend(1);
    dispatcher.wake();
    await settle();
    expect(calls).to.deep.equal(["claim"]);
    dispatcher.repay(places, []);
    await settle();
    expect(calls).to.deep.equal(["claim", "claim"]);
  });
});

describe("the dispatcher of a provider with a part of its connections", () => {
  it("holds as large a part of what may be in hand, rounded up", async () => {
    const { dispatcher, limits } = stage({ maxInFlight: 7, share: 1 / 3 });
    await settle();
    expect(limits).to.deep.equal([3]);
    expect(dispatcher.lend(5)).to.equal(3);
  });
});

describe("the dispatcher of a provider whose lease was silent for a moment", () => {
  it("sends what it had claimed before, once the lease stands again", async () => {
    const sent: number[] = [];
    const answers: ((delivery: Delivery) => void)[] = [];
    let alive = true;
    const { dispatcher } = stage({
      claims: [[claimedHead(1, "card-1")], [claimedHead(2, "card-2")]],
      window: 1,
      maySend: () => alive,
      send: ({ transaction }) => {
        sent.push(transaction);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    await settle();
    alive = false;
    answers[0]?.({ outcome: { kind: "accepted", reference: "R-1" } });
    dispatcher.wake();
    await settle();
    expect(sent).to.deep.equal([1]);
    alive = true;
    dispatcher.wake();
    await settle();
    expect(sent).to.deep.equal([1, 2]);
  });
});

describe("the dispatcher of a provider, while urgent requests come", () => {
  const urgent = { ...claimedHead(1, "card-1"), urgent: true };

  it("claims few heads at once, so that the next one does not wait for many", async () => {
    const claims = [[], [urgent, claimedHead(2, "card-2"), claimedHead(3, "card-3")]];
    const { dispatcher, limits, clock } = stage({ claims, maxInFlight: 500, window: 500 });
    const wakeAfter = async (ms: number) => {
      clock.advance(ms);
      dispatcher.wake();
      await settle();
    };
    await settle();
    await wakeAfter(0);
    expect(limits).to.deep.equal([500, 500]);
    await wakeAfter(0);
    await wakeAfter(999);
    expect(limits).to.deep.equal([500, 500, 100, 100]);
    await wakeAfter(1);
    expect(limits).to.deep.equal([500, 500, 100, 100, 500]);
  });

  it("claims few heads at once from an immediate create on", async () => {
    const { dispatcher, limits } = stage({ maxInFlight: 500, window: 500 });
    await settle();
    dispatcher.repay(dispatcher.lend(1), []);
    dispatcher.wake();
    await settle();
    dispatcher.repay(dispatcher.lend(1), [urgent]);
    dispatcher.wake();
    await settle();
    expect(limits).to.deep.equal([500, 500, 100]);
  });

  it("claims many where half of them are urgent", async () => {
    const claims = [[urgent, claimedHead(2, "card-2")]];
    const { dispatcher, limits } = stage({ claims, maxInFlight: 500, window: 500 });
    await settle();
    dispatcher.wake();
    await settle();
    expect(limits).to.deep.equal([500, 500]);
  });
});

describe("the dispatcher of a provider in a run", () => {
  it("tells that nothing is left only of a claim during which nothing came", async () => {
    const { drained } = stage({ whileClaiming: (dispatcher) => dispatcher.wake() });
    await settle();
    expect(drained).to.deep.equal([false, true]);
  });

  it("tells that there is more when a head goes back unsent, and looks in a moment", async () => {
    let busy = true;
    const { settled, calls, clock } = stage({
      claims: [[claimedHead(1, "card-1")], [claimedHead(1, "card-1")]],
      send: async () =>
        busy
          ? { outcome: { kind: "unavailable", text: "the session takes no more commands" } }
          : { outcome: { kind: "accepted", reference: "R-1" } },
    });
    await settle();
    expect(settled).to.deep.equal([true]);
    expect(calls).to.deep.equal(["claim", "result"]);
    busy = false;
    clock.advance(100);
    await settle();
    expect(settled).to.deep.equal([true, false]);
    expect(calls).to.deep.equal(["claim", "result", "claim", "result"]);
  });
});
