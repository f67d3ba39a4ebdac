import { PROVIDER } from "../children/configuration.js";
import { NO_PORT } from "../children/ports.js";
import { medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import { onCopiesInTurn } from "../support/copies.js";
import { CA_UP, rateOf } from "../support/drain.js";
import { cards, inventory, withPending } from "../support/templates.js";

// Drains of seven seconds and more: a machine shared with others changes its speed within four.
const CARDS = 200_000;
const REQUESTS = 200_000;
const BEHIND = 100_000;
const ROUNDS = 5;

const DOWN = { ...PROVIDER, name: "ca-down", port: NO_PORT };

/** One provider's rate while another is down, with its requests pending. */
export const isolation: Row = {
  names: ["isolation_ratio"],
  async *measure(bench) {
    const requests = bench.scaled(REQUESTS);
    const both = [PROVIDER, DOWN];
    const own = cards(0, CARDS);
    const others = cards(CARDS, 2 * CARDS, DOWN.name);
    const alone = withPending(bench, inventory(bench, [own]), cards(0, requests), requests);
    const stock = inventory(bench, [own, others], both);
    const downFirst = withPending(bench, stock, others, bench.scaled(BEHIND), both);
    const beside = withPending(bench, downFirst, cards(0, requests), requests, both);
    for (const kind of bench.kinds) {
      const rounds = await onCopiesInTurn(bench, kind, ROUNDS, { alone, beside }, (target, side) =>
        rateOf(bench, target, requests, side === "alone" ? [CA_UP] : [CA_UP, DOWN]),
      );
      const rate = medians(rounds, ["alone", "beside"]);
      yield {
        name: kind === "sqlite" ? "isolation_ratio" : `isolation_ratio_${kind}`,
        value: rate.beside / rate.alone,
        unit: "x",
        rounds: rounds.map((round) => round.beside / round.alone),
        details: {
          per_second: Math.round(rate.beside),
          pending_at_the_other: bench.scaled(BEHIND),
          requests,
          ...(await bench.databases.describe(kind)),
        },
        marks: [],
      };
    }
  },
};
