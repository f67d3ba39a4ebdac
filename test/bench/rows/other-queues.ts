import type { GraphileApi } from "../children/graphile.js";
import type { PgBossApi } from "../children/pg-boss.js";
import type { QueueMode, QueueWork } from "../children/queue-work.js";
import { medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import { onCopy } from "../support/copies.js";
import type { Template } from "../support/databases.js";
import { drainRate } from "../support/drain.js";
import { progress } from "../support/progress.js";
import { inTurn } from "../support/rounds.js";
import { cards, inventory, withPending } from "../support/templates.js";

const JOBS = 100_000;
/** Ordered modes are slow: they get fewer jobs, and are stopped after this time. */
const ORDERED_JOBS = 20_000;
const LIMIT_MS = 20_000;
/** As many as in our own few-cards case. */
const ORDERED_CARDS = 1000;

interface OtherQueue {
  /** Of the figure, and of the child that works it. */
  readonly name: "graphile_worker" | "pg_boss";
  readonly child: string;
  /** Where its jobs are, and which of them have been done. */
  readonly left: string;
}

const QUEUES: readonly OtherQueue[] = [
  {
    name: "graphile_worker",
    child: "graphile",
    left: "SELECT count(*) FROM graphile_worker._private_jobs",
  },
  {
    name: "pg_boss",
    child: "pg-boss",
    left: "SELECT count(*) FROM pgboss.job WHERE name = 'send' AND state <> 'completed'",
  },
];

/** Ours, which is always ordered, beside others that live in the same PostgreSQL. */
export const otherQueues: Row = {
  names: QUEUES.map(({ name }) => `dispatch_vs_${name}`),
  async *measure(bench) {
    if (!bench.kinds.includes("postgres")) return;
    const jobs = bench.scaled(JOBS);
    const ordered = bench.scaled(ORDERED_JOBS);
    const all = cards(0, jobs);
    const template = withPending(bench, inventory(bench, [all]), all, jobs);
    for (const queue of QUEUES) {
      const rounds = await inTurn(bench.rounds, {
        ours: () => drainRate(bench, "postgres", template, jobs),
        unordered: () => rateOf(bench, queue, { jobs, cards: jobs, ordered: false }),
        ordered: () => rateOf(bench, queue, { jobs: ordered, cards: ORDERED_CARDS, ordered: true }),
      });
      const rate = medians(rounds, ["ours", "unordered", "ordered"]);
      for (const mode of ["unordered", "ordered"] as const) {
        yield {
          name: `dispatch_vs_${queue.name}${mode === "ordered" ? "_ordered" : ""}`,
          value: rate.ours / rate[mode],
          unit: "x",
          rounds: rounds.map((round) => round.ours / round[mode]),
          details: {
            ours_per_second: Math.round(rate.ours),
            theirs_per_second: Math.round(rate[mode]),
            jobs: mode === "ordered" ? ordered : jobs,
            cards: mode === "ordered" ? ORDERED_CARDS : jobs,
            ...(await bench.databases.describe("postgres")),
          },
          marks: [],
        };
      }
    }
  },
};

/** Made once and copied, as ours are: each side begins with cold pages, behind a checkpoint. */
function filled(bench: Bench, { child }: OtherQueue, mode: QueueMode): Template {
  const { jobs, cards, ordered } = mode;
  return {
    name: `${jobs} jobs of ${child} for ${cards} cards, ${ordered ? "ordered" : "unordered"}`,
    build: ({ url }) =>
      bench.withChild<GraphileApi | PgBossApi, void>(child, (queue) =>
        queue.ask("fill", { ...mode, url }),
      ),
  };
}

async function rateOf(bench: Bench, queue: OtherQueue, mode: QueueMode): Promise<number> {
  const { child, left } = queue;
  return onCopy(bench, "postgres", filled(bench, queue, mode), async (target) => {
    const { ms, done } = await bench.withChild<GraphileApi | PgBossApi, QueueWork>(
      child,
      (worker) => worker.ask("work", { ...mode, url: target.url, limitMs: LIMIT_MS }),
    );
    const [row] = await bench.databases.query(left, target);
    const finished = mode.jobs - Number(Object.values(row ?? {})[0]);
    // Jobs may run whose completion a stop no longer waits for; those in the table count.
    if (finished > done) throw new Error(`${child}: ${finished} completed, but ${done} worked on`);
    if (!mode.ordered && finished < mode.jobs) progress(`${child} left ${mode.jobs - finished}`);
    return (finished * 1000) / ms;
  });
}
