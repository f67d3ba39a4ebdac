import { PROVIDER } from "../children/configuration.js";
import type { LoadApi } from "../children/load.js";
import type { SimulatorApi } from "../children/simulator.js";
import { median } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopy } from "../support/copies.js";
import type { Kind } from "../support/databases.js";
import { expectCount } from "../support/drain.js";
import { progress } from "../support/progress.js";
import { withService } from "../support/running-service.js";
import { cards, inventory } from "../support/templates.js";
import { until } from "../support/until.js";

const CARDS = 100_000;
const CALLS = 50_000;

/** From the call to COMPLETED: one service process, NDS over TCP, a CA system beside it. */
export const endToEnd: Row = {
  names: ["end_to_end_rate"],
  async *measure(bench) {
    for (const kind of bench.kinds) {
      const rates: number[] = [];
      for (let round = 1; round <= bench.rounds; round += 1) {
        progress(`round ${round} of ${bench.rounds}`);
        rates.push(await rateOf(bench, kind));
      }
      yield {
        // SQLite is the default database, and the one that the table means.
        name: kind === "sqlite" ? "end_to_end_rate" : `end_to_end_rate_${kind}`,
        value: median(rates),
        unit: "/s",
        rounds: rates,
        details: {
          calls: bench.scaled(CALLS),
          cards: CARDS,
          window: PROVIDER.window,
          ...(await bench.databases.describe(kind)),
        },
        marks: [],
      };
    }
  },
};

async function rateOf(bench: Bench, kind: Kind): Promise<number> {
  const template = inventory(bench, [cards(0, CARDS)]);
  const count = bench.scaled(CALLS);
  return onCopy(bench, kind, template, (target) =>
    bench.withChild<SimulatorApi, number>("simulator", async (simulator) => {
      const port = await simulator.ask("start", { record: false });
      return withService(bench, target, [{ ...PROVIDER, port }], (service) =>
        bench.withChild<LoadApi, number>("load", async (load) => {
          const { address, token } = service;
          const started = Date.now();
          await load.ask("run", {
            address,
            token,
            calls: { kind: "regular", creates: 1 },
            count,
            first: 0,
            cards: { from: 0, to: CARDS },
            connections: 8,
            streams: 64,
          });
          await until("every effect", async () => (await simulator.ask("effects")) >= count);
          // The answers to the last ones are still on their way into the database.
          await new Promise((resolve) => setTimeout(resolve, 2000));
          const completed = await service.countAfterwards(
            "SELECT count(*) FROM outcomes WHERE life_cycle_state = 'COMPLETED'",
          );
          expectCount("requests COMPLETED", completed, count);
          expectCount("effects at the CA system", await simulator.ask("effects"), count);
          const ended = await service.countAfterwards("SELECT max(ended_date) FROM outcomes");
          return (count * 1000) / (ended - started);
        }),
      );
    }),
  );
}
