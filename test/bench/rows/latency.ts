import { caIdOf } from "../children/cards.js";
import { PROVIDER } from "../children/configuration.js";
import type { Calls } from "../children/create-messages.js";
import type { LoadApi, Timing } from "../children/load.js";
import type { CardEvent, SimulatorApi } from "../children/simulator.js";
import type { Figure } from "../report/figure.js";
import { median, quantile } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import type { Kind } from "../support/databases.js";
import { progress } from "../support/progress.js";
import { recordedOf } from "../support/recorded.js";
import { withService } from "../support/running-service.js";
import { cards, inventory } from "../support/templates.js";

const CARDS = 100_000;
const CALLS = 1000;
/**
 * Rounds before those that count. One caller brings a process that has just started to its speed so
 * slowly: on SQLite its first thousand calls took 6.8 ms each, the fourth 4.7, the fourteenth 3.8.
 */
const WARMING_ROUNDS = 10;
/** Before a call, up to so much pause that the service is idle, and the machine asleep. */
const PAUSE_MS = 20;

type Latencies = (
  timings: readonly Timing[],
  recorded: { arrivals: readonly CardEvent[] },
) => number[];

const answerOf: Latencies = (timings) => timings.map(({ sent, answered }) => answered - sent);

/** One caller, each call after the answer of the one before; the simulator's own latency is 0. */
export const immediateOverhead: Row = {
  names: ["immediate_overhead_p50_ms", "immediate_overhead_p99_ms"],
  measure: (bench) =>
    measure(bench, {
      figure: "immediate_overhead",
      calls: "immediate",
      pauseMs: 0,
      shares: [0.5, 0.99],
      latencies: answerOf,
    }),
};

/** The same after pauses: whatever sleeps meanwhile takes its time to wake up. */
export const immediateIdle: Row = {
  names: ["immediate_idle_p50_ms", "immediate_idle_p99_ms"],
  measure: (bench) =>
    measure(bench, {
      figure: "immediate_idle",
      calls: "immediate",
      pauseMs: PAUSE_MS,
      shares: [0.5, 0.99],
      latencies: answerOf,
    }),
};

/** From the create to its arrival at the CA system, with nothing else to do. */
export const createToCa: Row = {
  names: ["create_to_ca_p50_ms"],
  measure: (bench) =>
    measure(bench, {
      figure: "create_to_ca",
      calls: "regular",
      pauseMs: PAUSE_MS,
      shares: [0.5],
      latencies: (timings, { arrivals }) => {
        const arrived = new Map(arrivals.map(({ card, at }) => [card, at]));
        return timings.map(({ create, sent }) => {
          const at = arrived.get(caIdOf(create));
          if (at === undefined) throw new Error(`card ${create} never arrived at the CA system`);
          return at - sent;
        });
      },
    }),
};

interface Measurement {
  readonly figure: string;
  readonly calls: Calls["kind"];
  readonly pauseMs: number;
  /** The quantiles to give. */
  readonly shares: readonly number[];
  readonly latencies: Latencies;
}

async function* measure(bench: Bench, measurement: Measurement): AsyncGenerator<Figure> {
  const { figure, pauseMs, shares } = measurement;
  for (const database of bench.kinds) {
    const rounds = await roundsOn(bench, database, measurement);
    for (const share of shares) {
      const values = rounds.map((round) => quantile(round, share));
      yield {
        name: `${figure}_p${share * 100}_ms${database === "sqlite" ? "" : `_${database}`}`,
        value: median(values),
        unit: "ms",
        rounds: values,
        details: {
          calls_per_round: bench.scaled(CALLS),
          callers: 1,
          pause_up_to_ms: pauseMs,
          calls_before: bench.scaled(CALLS) * WARMING_ROUNDS,
          ...(await bench.databases.describe(database)),
        },
        marks: [],
      };
    }
  }
}

/** The latencies of each round, after those that warm up. */
async function roundsOn(
  bench: Bench,
  database: Kind,
  { calls, pauseMs, latencies }: Measurement,
): Promise<number[][]> {
  const stock = cards(0, bench.scaled(CARDS));
  const target = await bench.databases.copy(database, inventory(bench, [stock]));
  const count = bench.scaled(CALLS);
  const rounds: number[][] = [];
  await bench.withChild<SimulatorApi, void>("simulator", async (simulator) => {
    const port = await simulator.ask("start", { record: true });
    await withService(bench, target, [{ ...PROVIDER, port }], ({ address, token }) =>
      bench.withChild<LoadApi, void>("load", async (load) => {
        for (let round = -WARMING_ROUNDS; round < bench.rounds; round += 1) {
          const warm = round >= 0;
          progress(`${database}: ${warm ? `round ${round + 1} of ${bench.rounds}` : "warms up"}`);
          const { timings } = await load.ask("run", {
            address,
            token,
            calls: { kind: calls, creates: 1 },
            count,
            first: (WARMING_ROUNDS + round) * count,
            cards: stock,
            connections: 1,
            streams: 1,
            pauseMs: warm ? pauseMs : 0,
          });
          // What is due now may still be on its way.
          const ids = timings.map(({ create }) => caIdOf(create));
          const recorded = await recordedOf(simulator, ids, count);
          if (warm) rounds.push(latencies(timings, recorded));
        }
      }),
    );
  });
  await bench.databases.discard(target);
  return rounds;
}
