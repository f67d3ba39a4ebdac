import { medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import { onCopiesInTurn } from "../support/copies.js";
import { rateOf } from "../support/drain.js";
import { cards, inventory, withBlocked, withHistory, withPending } from "../support/templates.js";

const CARDS = 100_000;
const BLOCKED_CARDS = 1000;
const FINISHED = 1_000_000;
const REQUESTS = 100_000;
const BLOCKED = 100_000;

/** What requests behind heads that back off cost the others. */
export const blockedSlowdown: Row = {
  names: ["blocked_slowdown"],
  async *measure(bench) {
    const requests = bench.scaled(REQUESTS);
    const blocked = bench.scaled(BLOCKED);
    const ready = cards(0, CARDS);
    const others = cards(CARDS, CARDS + BLOCKED_CARDS);
    const stock = inventory(bench, [ready, others]);
    const history = withHistory(bench, stock, ready, bench.scaled(FINISHED));
    const without = withPending(bench, history, cards(0, requests), requests);
    // Blocked ones first: they are older, and would be in the way.
    const behind = withBlocked(bench, history, others, blocked);
    const beside = withPending(bench, behind, cards(0, requests), requests);
    for (const kind of bench.kinds) {
      const sides = { without, blocked: beside };
      const rounds = await onCopiesInTurn(bench, kind, bench.rounds, sides, (target) =>
        rateOf(bench, target, requests),
      );
      const rate = medians(rounds, ["without", "blocked"]);
      yield {
        name: `blocked_slowdown_${kind}`,
        value: rate.blocked / rate.without,
        unit: "x",
        rounds: rounds.map((round) => round.blocked / round.without),
        details: {
          per_second: Math.round(rate.without),
          per_second_blocked: Math.round(rate.blocked),
          requests,
          blocked,
          blocked_cards: BLOCKED_CARDS,
          ...(await bench.databases.describe(kind)),
        },
        marks: [],
      };
    }
  },
};
