import { caIdOf } from "../children/cards.js";
import { PROVIDER } from "../children/configuration.js";
import type { Calls } from "../children/create-messages.js";
import type { LoadApi, Timing } from "../children/load.js";
import type { CardEvent, SimulatorApi } from "../children/simulator.js";
import type { Figure } from "../report/figure.js";
import { median, quantile } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopy } from "../support/copies.js";
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

/**
 * One caller, each call after the answer of the one before; the simulator's own latency is 0. And
 * the same after pauses, since whatever sleeps meanwhile takes its time to wake up.
 */
export const immediate: Row = {
  names: ["immediate_overhead", "immediate_idle"].flatMap((figure) => [
    `${figure}_p50_ms`,
    `${figure}_p99_ms`,
  ]),
  measure: (bench) =>
    measure(bench, {
      pauses: { immediate_overhead: 0, immediate_idle: PAUSE_MS },
      calls: "immediate",
      shares: [0.5, 0.99],
      latencies: (timings) => timings.map(({ sent, answered }) => answered - sent),
    }),
};

/** From the create to its arrival at the CA system, with nothing else to do. */
export const createToCa: Row = {
  names: ["create_to_ca_p50_ms"],
  measure: (bench) =>
    measure(bench, {
      pauses: { create_to_ca: PAUSE_MS },
      calls: "regular",
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
  /** Up to how many milliseconds of pause there are before each call, by figure. */
  readonly pauses: Readonly<Record<string, number>>;
  readonly calls: Calls["kind"];
  /** The quantiles to give. */
  readonly shares: readonly number[];
  readonly latencies: Latencies;
}

async function* measure(bench: Bench, measurement: Measurement): AsyncGenerator<Figure> {
  for (const database of bench.kinds) {
    for (const [figure, rounds] of await roundsOn(bench, database, measurement)) {
      for (const share of measurement.shares) {
        const values = rounds.map((round) => quantile(round, share));
        yield {
          name: `${figure}_p${share * 100}_ms${database === "sqlite" ? "" : `_${database}`}`,
          value: median(values),
          unit: "ms",
          rounds: values,
          details: {
            calls_per_round: bench.scaled(CALLS),
            callers: 1,
            pause_up_to_ms: measurement.pauses[figure] ?? 0,
            calls_before: bench.scaled(CALLS) * WARMING_ROUNDS,
            ...(await bench.databases.describe(database)),
          },
          marks: [],
        };
      }
    }
  }
}

/** The latencies of each round, by figure, the figures in turn, after rounds that warm up. */
async function roundsOn(
  bench: Bench,
  database: Kind,
  { pauses, calls, latencies }: Measurement,
): Promise<Map<string, number[][]>> {
  const stock = cards(0, bench.scaled(CARDS));
  const count = bench.scaled(CALLS);
  const rounds = new Map<string, number[][]>(Object.keys(pauses).map((figure) => [figure, []]));
  await onCopy(bench, database, inventory(bench, [stock]), (target) =>
    bench.withChild<SimulatorApi, void>("simulator", async (simulator) => {
      const port = await simulator.ask("start", { record: true });
      await withService(bench, target, [{ ...PROVIDER, port }], ({ address, token }) =>
        bench.withChild<LoadApi, void>("load", async (load) => {
          let first = 0;
          const round = async (pauseMs: number): Promise<number[]> => {
            const { timings } = await load.ask("run", {
              address,
              token,
              calls: { kind: calls, creates: 1 },
              count,
              first,
              cards: stock,
              connections: 1,
              streams: 1,
              pauseMs,
            });
            first += count;
            // What is due now may still be on its way.
            const ids = timings.map(({ create }) => caIdOf(create));
            return latencies(timings, await recordedOf(simulator, ids, count));
          };
          progress(`${database}: warms up`);
          for (let warming = 0; warming < WARMING_ROUNDS; warming += 1) await round(0);
          for (let number = 1; number <= bench.rounds; number += 1) {
            progress(`${database}: round ${number} of ${bench.rounds}`);
            for (const [figure, of] of rounds) of.push(await round(pauses[figure] ?? 0));
          }
        }),
      );
    }),
  );
  return rounds;
}
