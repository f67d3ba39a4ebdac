import type { Target } from "../children/configuration.js";
import type { DispatchApi } from "../children/dispatching.js";
import { medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopiesInTurn } from "../support/copies.js";
import { CA_UP } from "../support/drain.js";
import { cards, inventory, withHistory, withPending } from "../support/templates.js";

const CARDS = 100_000;
const SHORT = 10_000;
const LONG = 5_000_000;
const REQUESTS = 100_000;

/** What finished requests cost claims. */
export const backlogSlowdown: Row = {
  names: ["backlog_slowdown"],
  async *measure(bench) {
    const requests = bench.scaled(REQUESTS);
    const all = cards(0, CARDS);
    const stock = inventory(bench, [all]);
    const after = (finished: number) =>
      withPending(bench, withHistory(bench, stock, all, finished), cards(0, requests), requests);
    const short = after(SHORT);
    const long = after(bench.scaled(LONG));
    for (const kind of bench.kinds) {
      const sides = { short, long };
      const rounds = await onCopiesInTurn(bench, kind, bench.rounds, sides, (target) =>
        claimRate(bench, target, requests),
      );
      const rate = medians(rounds, ["short", "long"]);
      yield {
        name: `backlog_slowdown_${kind}`,
        value: rate.long / rate.short,
        unit: "x",
        rounds: rounds.map((round) => round.long / round.short),
        details: {
          claimed_per_second: Math.round(rate.long),
          finished: bench.scaled(LONG),
          compared_with: SHORT,
          requests,
          ...(await bench.databases.describe(kind)),
        },
        marks: [],
      };
    }
  },
};

async function claimRate(bench: Bench, target: Target, requests: number): Promise<number> {
  const setup = bench.databases.setup(target, [CA_UP]);
  const { ms, claimed } = await bench.withChild<
    DispatchApi,
    Awaited<ReturnType<DispatchApi["claims"]>>
  >("dispatch", (child) => child.ask("claims", setup, CA_UP.name, requests));
  return (claimed * 1000) / ms;
}
