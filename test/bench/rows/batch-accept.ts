import { PROVIDER } from "../children/configuration.js";
import type { LoadApi } from "../children/load.js";
import type { Figure } from "../report/figure.js";
import { median } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopy } from "../support/copies.js";
import type { Kind } from "../support/databases.js";
import { expectCount } from "../support/drain.js";
import { withService } from "../support/running-service.js";
import { cards, inventory } from "../support/templates.js";

const CARDS = 100_000;
const CREATES = 100_000;
const IN_ONE_CALL = 500;
const CONNECTIONS = 8;

const REQUEST_IDS = ["random", "time-ordered"] as const;
type RequestIds = (typeof REQUEST_IDS)[number];

/**
 * Creates in batches through the front door. In a plain index nearly each random request_id changes a
 * page that no other of its batch does; UUIDs that rise with time share theirs.
 */
export const batchAccept: Row = {
  names: ["batch_accept_rate"],
  unavailable: (bench) =>
    bench.withChild<LoadApi, string | undefined>("load", async (load) =>
      (await load.ask("hasBatch")) ? undefined : "the API has no BatchCreateProvisioningRequests",
    ),
  async *measure(bench) {
    for (const kind of bench.kinds) {
      for (const requestIds of REQUEST_IDS) yield await measureOn(bench, kind, requestIds);
    }
  },
};

async function measureOn(bench: Bench, kind: Kind, requestIds: RequestIds): Promise<Figure> {
  const perRound = bench.scaled(CREATES);
  const template = inventory(bench, [cards(0, CARDS)]);
  const rates = await onCopy(bench, kind, template, (target) =>
    withService(bench, target, [PROVIDER], (service) =>
      bench.withChild<LoadApi, number[]>("load", async (load) => {
        const { address, token } = service;
        const measured: number[] = [];
        // The first round warms up.
        for (let round = 0; round <= bench.rounds; round += 1) {
          const { ms } = await load.ask("run", {
            address,
            token,
            calls: { kind: "batch", creates: IN_ONE_CALL, requestIds },
            count: perRound / IN_ONE_CALL,
            first: round * perRound,
            cards: { from: 0, to: CARDS },
            connections: CONNECTIONS,
            streams: 1,
          });
          if (round > 0) measured.push((perRound * 1000) / ms);
        }
        const stored = await service.countAfterwards("SELECT count(*) FROM requests");
        expectCount("requests stored", stored, perRound * (bench.rounds + 1));
        return measured;
      }),
    ),
  );
  return {
    name: `batch_accept_rate_${kind}${requestIds === "random" ? "" : "_time_ordered_ids"}`,
    value: median(rates),
    unit: "/s",
    rounds: rates,
    details: {
      creates_per_call: IN_ONE_CALL,
      calls_at_once: CONNECTIONS,
      request_ids: requestIds,
      ...(await bench.databases.describe(kind)),
    },
    marks: [],
  };
}
