import { median } from "../report/statistics.js";
import type { Row } from "../row.js";
import { drainRate } from "../support/drain.js";
import { inTurn } from "../support/rounds.js";
import { cards, inventory, withHistory, withPending } from "../support/templates.js";

const CARDS = 100_000;
const FEW_CARDS = 1000;
const FINISHED = 1_000_000;
const REQUESTS = 100_000;

/** How fast the dispatcher empties its lanes into a CA system that does nothing. */
export const dispatchRate: Row = {
  names: ["dispatch_rate"],
  async *measure(bench) {
    const requests = bench.scaled(REQUESTS);
    const finished = bench.scaled(FINISHED);
    const all = cards(0, CARDS);
    const history = withHistory(bench, inventory(bench, [all]), all, finished);
    const many = withPending(bench, history, cards(0, requests), requests);
    const few = withPending(bench, history, cards(0, FEW_CARDS), requests);
    for (const kind of bench.kinds) {
      const rounds = await inTurn(bench.rounds, {
        many: () => drainRate(bench, kind, many, requests),
        few: () => drainRate(bench, kind, few, requests),
      });
      for (const [side, name] of [
        ["many", `dispatch_rate_${kind}`],
        ["few", `dispatch_rate_${kind}_few_cards`],
      ] as const) {
        const rates = rounds.map((round) => round[side]);
        yield {
          name,
          value: median(rates),
          unit: "/s",
          rounds: rates,
          details: {
            requests,
            cards: side === "many" ? requests : FEW_CARDS,
            finished,
            in_flight_cap: 1000,
            ...(await bench.databases.describe(kind)),
          },
          marks: [],
        };
      }
    }
  },
};
