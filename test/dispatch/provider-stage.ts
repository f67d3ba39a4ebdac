import pino from "pino";
import type { CaSession } from "../../src/adapters/ca-adapter.js";
import { ProviderDispatcher } from "../../src/dispatch/provider-dispatcher.js";
import type { AskSuccession, Landed, ResultWriter } from "../../src/dispatch/result-writer.js";
import type { SendMarks } from "../../src/dispatch/send-marks.js";
import { Settlements } from "../../src/dispatch/settlements.js";
import type {
  ClaimedHead,
  ClaimRun,
  DispatchStore,
  HeadResult,
  Succession,
} from "../../src/store/dispatch-store.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually } from "../support/world/eventually.js";

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
  /** Happens while the database frees lanes that nobody knows of. */
  readonly whileFreeing?: (dispatcher: ProviderDispatcher) => void;
  readonly send?: CaSession["send"];
  readonly maySend?: () => boolean;
  /** The part of the provider's connections that are this process's. */
  readonly share?: number;
  readonly ratePerSecond?: number;
  /** No run takes heads of the provider. */
  readonly outsideOfRuns?: boolean;
  /** What lanes go on to with the results before, as far as they may. */
  readonly successors?: readonly ClaimedHead[];
  /** Results find that their claims were lost. */
  readonly isLost?: boolean;
}

/** A dispatcher of one provider, over a store that says what the test wants. */
export function stage({
  isDown = false,
  claims = [],
  maxInFlight = 10,
  window = SESSION.window,
  behind = false,
  whileClaiming = () => undefined,
  whileFreeing = () => undefined,
  send = SESSION.send,
  maySend = () => true,
  share = 1,
  ratePerSecond,
  outsideOfRuns = false,
  successors = [],
  isLost = false,
}: Stage) {
  const calls: string[] = [];
  const limits: number[] = [];
  const drained: boolean[] = [];
  const settled: boolean[] = [];
  const clock = new ManualClock();
  const left = [...claims];
  const next = [...successors];
  const asked: (Succession | undefined)[] = [];
  const store = {
    claim: async ({ limit }: { limit: number }) => {
      calls.push("claim");
      limits.push(limit);
      if (limits.length === 1) whileClaiming(dispatcher);
      if (isDown) throw new Error("the connection broke");
      const heads = left.shift() ?? [];
      const more = heads.length === limit && left.length > 0;
      return { heads, more, contended: false, stale: false };
    },
    releaseStrays: async (_incarnation: string, provider: string) => {
      calls.push(`release strays of ${provider}`);
      await Promise.resolve();
      whileFreeing(dispatcher);
    },
  };
  const results = {
    write: async (result: HeadResult, ask?: AskSuccession): Promise<Landed | undefined> => {
      calls.push("result");
      const succession = ask?.(1);
      asked.push(succession);
      if (isLost) return undefined;
      const successor = succession && next.shift();
      return { date: 1, laneGone: !behind && successor === undefined, result, successor };
    },
  };
  const dispatcher = new ProviderDispatcher({
    provider: "alpha",
    incarnation: "instance-1",
    maySend,
    terms: () => ({
      version: 1,
      share,
      limits: { maxInFlight, maxAttempts: 3, ratePerSecond, burst: 1 },
    }),
    backoff: { baseMs: 1, maxMs: 1 },
    store: store as unknown as DispatchStore,
    results: results as unknown as ResultWriter,
    marks: {} as SendMarks,
    runs: {
      runFor: () => (outsideOfRuns ? undefined : RUN),
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
  return { dispatcher, calls, limits, drained, settled, asked, clock, claimed };
}

/** Lets everything happen that needs no input from outside. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}
