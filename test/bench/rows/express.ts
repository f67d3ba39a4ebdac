import { caIdOf } from "../children/cards.js";
import { PROVIDER } from "../children/configuration.js";
import type { LoadApi } from "../children/load.js";
import type { SimulatorApi } from "../children/simulator.js";
import { median, quantile } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopy } from "../support/copies.js";
import type { Kind } from "../support/databases.js";
import { progress } from "../support/progress.js";
import { recordedOf } from "../support/recorded.js";
import { withService } from "../support/running-service.js";
import { cards, inventory, withPending } from "../support/templates.js";
import { until } from "../support/until.js";

const CARDS = 100_000;
const REGULAR = 1_000_000;
/** Cards that get an EXPRESS request, each beside one REGULAR that waits. Scaled, as the queue is. */
const EXPRESS = 300;
const PAUSE_MS = 20;

/** Urgent requests while a long queue drains. */
export const express: Row = {
  names: ["express_p50_ms", "express_p99_ms"],
  async *measure(bench) {
    for (const kind of bench.kinds) {
      const rounds: Round[] = [];
      for (let round = 1; round <= bench.rounds; round += 1) {
        progress(`round ${round} of ${bench.rounds}`);
        rounds.push(await measured(bench, kind));
      }
      for (const share of [0.5, 0.99]) {
        const values = rounds.map(({ latencies }) => quantile(latencies, share));
        yield {
          name: `express_p${share * 100}_ms${kind === "sqlite" ? "" : `_${kind}`}`,
          value: median(values),
          unit: "ms",
          rounds: values,
          details: {
            regular_pending: bench.scaled(REGULAR),
            express_per_round: bench.scaled(EXPRESS),
            window: PROVIDER.window,
            drained_per_second: Math.round(median(rounds.map(({ drained }) => drained))),
            ...(await bench.databases.describe(kind)),
          },
          marks: [],
        };
      }
    }
  },
};

interface Round {
  /** From each EXPRESS create to its effect, in milliseconds. */
  readonly latencies: readonly number[];
  /** Effects a second of the long queue meanwhile. */
  readonly drained: number;
}

async function measured(bench: Bench, kind: Kind): Promise<Round> {
  const urgent = bench.scaled(EXPRESS);
  const all = CARDS + urgent;
  const regular = withPending(
    bench,
    inventory(bench, [cards(0, all)]),
    cards(0, CARDS),
    bench.scaled(REGULAR),
  );
  // The youngest of all, so that they still wait when their EXPRESS ones come.
  const template = withPending(bench, regular, cards(CARDS, all), urgent);
  return onCopy(bench, kind, template, (target) =>
    bench.withChild<SimulatorApi, Round>("simulator", async (simulator) => {
      const port = await simulator.ask("start", { record: true });
      return withService(bench, target, [{ ...PROVIDER, port }], (service) =>
        bench.withChild<LoadApi, Round>("load", async (load) => {
          const { address, token } = service;
          await until("the drain", async () => (await simulator.ask("effects")) > 1000);
          const before = await simulator.ask("effects");
          const started = performance.now();
          const { timings } = await load.ask("run", {
            address,
            token,
            calls: { kind: "express", creates: 1 },
            count: urgent,
            first: 0,
            cards: { from: CARDS, to: all },
            connections: 1,
            streams: 1,
            pauseMs: 2 * PAUSE_MS,
          });
          const effects = await simulator.ask("effects");
          const drained = ((effects - before) / (performance.now() - started)) * 1000;
          if (effects >= bench.scaled(REGULAR)) throw new Error("the queue had drained before");
          const ids = timings.map(({ create }) => caIdOf(CARDS + create));
          const recorded = await recordedOf(simulator, ids, 2 * urgent);
          // The later of the two is the EXPRESS one's.
          const last = new Map(recorded.effects.map(({ card, at }) => [card, at]));
          const latencies = timings.map(
            ({ create, sent }) => (last.get(caIdOf(CARDS + create)) ?? 0) - sent,
          );
          return { latencies, drained };
        }),
      );
    }),
  );
}
