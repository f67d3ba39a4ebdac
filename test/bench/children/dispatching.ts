import pino from "pino";
import { systemClock as clock } from "../../../src/requests/clock.js";
import { startService } from "../../../src/service.js";
import { prepareDatabase } from "../../../src/store/prepare-database.js";
import { answerParent } from "./answer-parent.js";
import { claimOnly } from "./claim-only.js";
import { configurationOf, type Setup } from "./configuration.js";
import { sendings } from "./nothing-registry.js";

/** What draining a database took. */
export interface Drained {
  /** From the session with the CA system to the last outcome in the database. */
  readonly ms: number;
  readonly sendings: number;
  readonly outOfOrder: number;
  readonly cpuSeconds: number;
  readonly peakRssMib: number;
}

const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 600_000;
const log = pino({ level: "warn" }, pino.destination(2));

async function withDatabase<T>(
  setup: Setup,
  work: (prepared: Awaited<ReturnType<typeof prepareDatabase>>) => Promise<T>,
): Promise<T> {
  const configuration = configurationOf(setup);
  const onNotice = (text: string) => log.warn(text);
  const prepared = await prepareDatabase({ configuration, clock, onNotice });
  try {
    return await work(prepared);
  } finally {
    await prepared.database.close();
  }
}

async function sent(expected: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (sendings.count < expected) {
    if (performance.now() > deadline) throw new Error(`only ${sendings.count} were sent`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The whole service with CA systems that do nothing; each process drains once. */
const api = {
  /** Lets the service send until so many requests have ended. */
  async drain(setup: Setup, expected: number): Promise<Drained> {
    const service = await startService({
      configuration: configurationOf(setup),
      logger: log,
      clock,
      random: Math.random,
      announceFirstUser: () => undefined,
    });
    await sent(expected);
    const { connected } = sendings;
    if (connected === undefined) throw new Error("sent without a session");
    const { user, system } = process.cpuUsage(connected.cpu);
    const { maxRSS } = process.resourceUsage();
    // In good order: what has been answered is written first.
    await service.stop(new AbortController().signal);
    const ended = await withDatabase(setup, async ({ database }) => {
      const rows = await database.reader.all<{ ended: number }>(
        "SELECT max(ended_date) AS ended FROM outcomes",
      );
      return rows[0]?.ended ?? 0;
    });
    return {
      ms: ended - connected.at,
      sendings: sendings.count,
      outOfOrder: sendings.outOfOrder,
      cpuSeconds: (user + system) / 1e6,
      peakRssMib: maxRSS / 1024,
    };
  },

  /** The time that claims take by themselves. */
  claims: (setup: Setup, provider: string, heads: number) =>
    withDatabase(setup, ({ database }) => claimOnly(database, provider, heads)),
};

export type DispatchApi = typeof api;

answerParent(api);
