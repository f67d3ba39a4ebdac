import PgBoss from "pg-boss";
import { answerParent } from "./answer-parent.js";
import type { QueueJobs, QueueWork } from "./queue-work.js";

const QUEUE = "send";
const AT_ONCE = 1000;
/** Fetchers side by side; with more, PostgreSQL was not faster. */
const FETCHERS = 4;
/** Jobs in one `fetch`; its documentation's way to throughput is a larger `batchSize`. */
const BATCH = 500;

const boss = (url: string) =>
  new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 10 });

const api = {
  async fill({ url, jobs, cards, ordered }: QueueJobs): Promise<void> {
    const queue = boss(url);
    await queue.start();
    // Policy `singleton`: at most one active job for each singletonKey, here each card.
    await queue.createQueue(QUEUE, { name: QUEUE, policy: ordered ? "singleton" : "standard" });
    for (let start = 0; start < jobs; start += AT_ONCE) {
      const length = Math.min(AT_ONCE, jobs - start);
      await queue.insert(
        Array.from({ length }, (_, k) => {
          const card = (start + k) % cards;
          const key = ordered ? { singletonKey: `card-${card}` } : {};
          return { name: QUEUE, data: { card }, ...key };
        }),
      );
    }
    await queue.stop({ graceful: false });
  },

  /** Works until all is done or the time is up. */
  async work({ url, jobs, ordered, limitMs }: QueueJobs & { limitMs: number }): Promise<QueueWork> {
    const queue = boss(url);
    await queue.start();
    let done = 0;
    const started = performance.now();
    const fetcher = async () => {
      while (performance.now() - started < limitMs) {
        // `priority: false` spares the sort by a priority that no job has.
        const batch = await queue.fetch(QUEUE, { batchSize: BATCH, priority: false });
        if (batch.length === 0 && done >= jobs) return;
        if (batch.length === 0) return;
        await queue.complete(
          QUEUE,
          batch.map(({ id }) => id),
        );
        done += batch.length;
      }
    };
    // Fetchers of one singleton queue meet at the same keys and fail on its unique index.
    await Promise.all(Array.from({ length: ordered ? 1 : FETCHERS }, fetcher));
    const ms = performance.now() - started;
    await queue.stop({ graceful: false });
    return { ms, done };
  },
};

export type PgBossApi = typeof api;

answerParent(api);
