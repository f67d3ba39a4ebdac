import { type AddJobsJobSpec, Logger, makeWorkerUtils, run } from "graphile-worker";
import { answerParent } from "./answer-parent.js";
import type { QueueJobs, QueueWork } from "./queue-work.js";

/**
 * What its documentation measures its best throughput with (worker.graphile.org, Performance):
 * jobs fetched in batches into a local queue, completions written in batches.
 */
const BEST = {
  concurrentJobs: 24,
  maxPoolSize: 25,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};
/** Named queues do not go with a local queue, which is said to ignore their order. */
const ORDERED = { concurrentJobs: 24, maxPoolSize: 25, completeJobBatchDelay: 0 };

const AT_ONCE = 1000;
const logger = new Logger(() => () => undefined);

const api = {
  async fill({ url, jobs, cards, ordered }: QueueJobs): Promise<void> {
    const utils = await makeWorkerUtils({ connectionString: url, logger });
    try {
      await utils.migrate();
      for (let start = 0; start < jobs; start += AT_ONCE) {
        const length = Math.min(AT_ONCE, jobs - start);
        const specs = Array.from({ length }, (_, k): AddJobsJobSpec => {
          const card = (start + k) % cards;
          // One queue for each card is the only way to have its jobs one after the other.
          const queue = ordered ? { queueName: `card-${card}` } : {};
          return { identifier: "send", payload: { card }, ...queue };
        });
        await utils.addJobs(specs);
      }
    } finally {
      await utils.release();
    }
  },

  /** Works until all is done or the time is up. */
  async work({ url, jobs, ordered, limitMs }: QueueJobs & { limitMs: number }): Promise<QueueWork> {
    let done = 0;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const started = performance.now();
    const runner = await run({
      preset: { worker: { connectionString: url, logger, ...(ordered ? ORDERED : BEST) } },
      taskList: {
        send: async () => {
          done += 1;
          if (done >= jobs) finish();
        },
      },
      noHandleSignals: true,
    });
    const limit = setTimeout(finish, limitMs);
    await finished;
    clearTimeout(limit);
    // Ends with the completions that were still to be written.
    await runner.stop();
    return { ms: performance.now() - started, done };
  },
};

export type GraphileApi = typeof api;

answerParent(api);
