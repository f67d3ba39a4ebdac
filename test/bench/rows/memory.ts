import type { Target } from "../children/configuration.js";
import { median } from "../report/statistics.js";
import type { Row } from "../row.js";
import { onCopy } from "../support/copies.js";
import { CA_UP, drain } from "../support/drain.js";
import { cards, inventory, withPending } from "../support/templates.js";

const CARDS = 100_000;
const PENDING = 1_000_000;

/** The most memory that the service has while a long queue drains. */
export const memory: Row = {
  names: ["rss_mib_million_backlog"],
  async *measure(bench) {
    const all = cards(0, CARDS);
    const pending = bench.scaled(PENDING);
    const template = withPending(bench, inventory(bench, [all]), all, pending);
    const peakOf = async (target: Target) =>
      (await drain(bench, target, pending, [CA_UP])).peakRssMib;
    for (const kind of bench.kinds) {
      const peaks: number[] = [];
      for (let round = 1; round <= bench.rounds; round += 1) {
        peaks.push(await onCopy(bench, kind, template, peakOf));
      }
      yield {
        name: kind === "sqlite" ? "rss_mib_million_backlog" : `rss_mib_million_backlog_${kind}`,
        value: median(peaks),
        unit: "MiB",
        rounds: peaks,
        details: { pending, cards: CARDS, ...(await bench.databases.describe(kind)) },
        marks: [],
      };
    }
  },
};
