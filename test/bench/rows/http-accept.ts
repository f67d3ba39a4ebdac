import { PROVIDER } from "../children/configuration.js";
import type { WebEchoApi } from "../children/web-echo.js";
import type { WebLoadApi, WebLoaded } from "../children/web-load.js";
import type { Figure } from "../report/figure.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import type { Child } from "../support/child.js";
import { onCopy } from "../support/copies.js";
import type { Kind } from "../support/databases.js";
import { expectCount } from "../support/drain.js";
import { inTurn } from "../support/rounds.js";
import { type RunningService, withService } from "../support/running-service.js";
import { cards, inventory } from "../support/templates.js";
import { type BesideEcho, ratioToEcho, type Side } from "./beside-echo.js";

const CARDS = 100_000;
const CALLS = 40_000;
const WARM_UP = 5000;
/** As many calls under way as over gRPC. */
const CONNECTIONS = 512;

/** Creates over HTTP beside a bare route of fastify with bodies of the same sizes. */
export const httpAccept: Row = {
  names: ["http_accept_ratio"],
  async *measure(bench) {
    for (const kind of bench.kinds) yield await measureOn(bench, kind);
  },
};

async function measureOn(bench: Bench, kind: Kind): Promise<Figure> {
  const template = inventory(bench, [cards(0, CARDS)]);
  const measured = await onCopy(bench, kind, template, (target) =>
    withService(bench, target, [PROVIDER], (service) =>
      bench.withChild<WebEchoApi, BesideEcho>("web-echo", (echo) =>
        bench.withChild<WebLoadApi, BesideEcho>("web-load", (load) =>
          compare(bench, service, echo, load),
        ),
      ),
    ),
  );
  return ratioToEcho(`http_accept_ratio_${kind}`, measured, {
    cards: CARDS,
    calls_per_round: bench.scaled(CALLS),
    connections: CONNECTIONS,
    ...(await bench.databases.describe(kind)),
  });
}

async function compare(
  bench: Bench,
  { child, token, countAfterwards }: RunningService,
  echo: Child<WebEchoApi>,
  load: Child<WebLoadApi>,
): Promise<BesideEcho> {
  const sent: Record<Side, number> = { service: 0, echo: 0 };
  let busiest = 0;
  const run = async (side: Side, port: number, count: number): Promise<WebLoaded> => {
    const first = sent[side];
    const where = { host: "127.0.0.1", port, token };
    const how = { count, first, cards: CARDS, connections: CONNECTIONS };
    const loaded = await load.ask("run", { ...where, ...how });
    sent[side] += count;
    expectCount("calls answered OK", loaded.answered, count);
    return loaded;
  };
  const servicePort = Number((await child.ask("http")).split(":").at(-1));
  const { responseBytes } = await run("service", servicePort, bench.scaled(WARM_UP));
  const echoPort = await echo.ask("start", await load.ask("path"), responseBytes);
  await run("echo", echoPort, bench.scaled(WARM_UP));
  const side = (name: Side, port: number) => async () => {
    const count = bench.scaled(CALLS);
    const loaded = await run(name, port, count);
    busiest = Math.max(busiest, (loaded.cpuSeconds * 1000) / loaded.ms);
    return (count * 1000) / loaded.ms;
  };
  const rates = await inTurn(bench.rounds, {
    service: side("service", servicePort),
    echo: side("echo", echoPort),
  });
  expectCount("calls that the echo answered", await echo.ask("calls"), sent.echo);
  expectCount(
    "requests stored",
    await countAfterwards("SELECT count(*) FROM requests"),
    sent.service,
  );
  return { rates, busiest };
}
