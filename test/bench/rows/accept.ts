import type { ChildApi } from "../children/answer-parent.js";
import { PROVIDER } from "../children/configuration.js";
import type { EchoApi } from "../children/echo.js";
import type { Load, LoadApi, Loaded } from "../children/load.js";
import type { Figure } from "../report/figure.js";
import { medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import type { Child } from "../support/child.js";
import { onCopy } from "../support/copies.js";
import type { Kind } from "../support/databases.js";
import { expectCount } from "../support/drain.js";
import { inTurn } from "../support/rounds.js";
import { type RunningService, withService } from "../support/running-service.js";
import { cards, inventory } from "../support/templates.js";
import { type BesideEcho, ratioToEcho, SIDES, type Side } from "./beside-echo.js";

const CARDS = 100_000;
const CALLS = 60_000;
const WARM_UP = 5000;
const CONNECTIONS = 8;
const STREAMS = 64;

/** Creates through the front door beside a bare echo of messages of the same sizes. */
export const accept: Row = {
  names: ["accept_ratio", "accept_cpu_ratio"],
  async *measure(bench) {
    for (const kind of bench.kinds) yield* measureOn(bench, kind);
  },
};

async function* measureOn(bench: Bench, kind: Kind): AsyncGenerator<Figure> {
  const template = inventory(bench, [cards(0, CARDS)]);
  const measured = await onCopy(bench, kind, template, (target) =>
    withService(bench, target, [PROVIDER], (service) =>
      bench.withChild<EchoApi, Measured>("echo", (echo) =>
        bench.withChild<LoadApi, Measured>("load", (load) => compare(bench, service, echo, load)),
      ),
    ),
  );
  const details = {
    cards: CARDS,
    calls_per_round: bench.scaled(CALLS),
    connections: CONNECTIONS,
    streams: STREAMS,
    ...(await bench.databases.describe(kind)),
  };
  yield* figures(kind, measured, details);
}

interface Measured extends BesideEcho {
  /** Seconds of the server's processor time for a call. */
  readonly cpu: readonly Record<Side, number>[];
}

async function compare(
  bench: Bench,
  service: RunningService,
  echo: Child<EchoApi>,
  load: Child<LoadApi>,
): Promise<Measured> {
  const { child, address, token, countAfterwards } = service;
  let sent = 0;
  let busiest = 0;
  const run = async (count: number, where: string): Promise<Loaded> => {
    const loaded = await load.ask("run", { ...LOAD, token, address: where, count, first: sent });
    sent += count;
    expectCount("calls answered OK", loaded.answered, count);
    return loaded;
  };
  const { responseBytes } = await run(bench.scaled(WARM_UP), address);
  const path = await load.ask("path", LOAD.calls);
  const echoAddress = `127.0.0.1:${await echo.ask("start", path, responseBytes)}`;
  const created = () => sent - echoed;
  let echoed = 0;

  const cpu: Record<Side, number>[] = [];
  const side = (name: Side, server: Pick<Child<ChildApi>, "ask">, where: string) => async () => {
    const count = bench.scaled(CALLS);
    const before = await server.ask("cpuSeconds");
    const loaded = await run(count, where);
    if (name === "echo") echoed += count;
    const used = ((await server.ask("cpuSeconds")) - before) / count;
    const round = cpu.at(-1);
    if (round === undefined || round[name] > 0) cpu.push({ service: 0, echo: 0, [name]: used });
    else round[name] = used;
    busiest = Math.max(busiest, (loaded.cpuSeconds * 1000) / loaded.ms);
    return (count * 1000) / loaded.ms;
  };
  await run(bench.scaled(WARM_UP), echoAddress);
  echoed += bench.scaled(WARM_UP);
  const rates = await inTurn(bench.rounds, {
    service: side("service", child, address),
    echo: side("echo", echo, echoAddress),
  });
  expectCount("calls that the echo answered", await echo.ask("calls"), echoed);
  expectCount("requests stored", await countAfterwards("SELECT count(*) FROM requests"), created());
  return { rates, cpu, busiest };
}

const LOAD: Omit<Load, "address" | "token" | "count" | "first"> = {
  calls: { kind: "regular", creates: 1 },
  cards: { from: 0, to: CARDS },
  connections: CONNECTIONS,
  streams: STREAMS,
};

function* figures(kind: Kind, measured: Measured, details: Figure["details"]): Generator<Figure> {
  const { cpu } = measured;
  yield ratioToEcho(`accept_ratio_${kind}`, measured, details);
  const used = medians(cpu, SIDES);
  yield {
    name: `accept_cpu_ratio_${kind}`,
    value: used.echo / used.service,
    unit: "x",
    rounds: cpu.map((round) => round.echo / round.service),
    details: {
      create_us: (used.service * 1e6).toFixed(1),
      echo_us: (used.echo * 1e6).toFixed(1),
      ...details,
    },
    marks: [],
  };
}
