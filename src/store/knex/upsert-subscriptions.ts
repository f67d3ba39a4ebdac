import { planUpserts } from "../../inventory/plan-upserts.js";
import type { SubscriptionUpsert } from "../../inventory/subscription.js";
import type { UpsertOptions, UpsertOutcome } from "../../inventory/upsert-outcome.js";
import type { Clock } from "../../requests/clock.js";
import type { Database } from "./database.js";
import { isInventoryConflict } from "./inventory-conflict.js";
import { loadInventory } from "./inventory-load.js";
import { writeInventory } from "./inventory-write.js";
import { MAX_LINES, type TransactionPace } from "./transaction-pace.js";

/** Each failed attempt means that another writer was at the same rows. */
const ATTEMPTS = 10;

/** Stores subscriptions in transactions of the pace's size, and tells the pace how long they took. */
export async function upsertSubscriptions(
  database: Database,
  clock: Clock,
  pace: TransactionPace,
  upserts: readonly SubscriptionUpsert[],
  options: UpsertOptions,
): Promise<UpsertOutcome[]> {
  const outcomes: UpsertOutcome[] = [];
  while (outcomes.length < upserts.length) {
    const batch = nextBatch(upserts, outcomes.length, pace.lines);
    const { planned, ms } = await upsertBatch(database, clock, batch.upserts, options);
    outcomes.push(...planned);
    pace.measured(batch.lines, ms);
  }
  return outcomes;
}

/**
 * As many whole subscriptions as fit into so many lines, one at least. What is sent of one
 * subscription in a row goes together even if that is more, as far as a transaction may go.
 */
function nextBatch(
  upserts: readonly SubscriptionUpsert[],
  start: number,
  maxLines: number,
): { upserts: readonly SubscriptionUpsert[]; lines: number } {
  let lines = 0;
  let end = start;
  for (; end < upserts.length; end += 1) {
    const more = Math.max(1, upserts[end]?.items.length ?? 0);
    const limit = upserts[end]?.id === upserts[end - 1]?.id ? MAX_LINES : maxLines;
    if (end > start && lines + more > limit) break;
    lines += more;
  }
  return { upserts: upserts.slice(start, end), lines };
}

async function upsertBatch(
  database: Database,
  clock: Clock,
  upserts: readonly SubscriptionUpsert[],
  options: UpsertOptions,
): Promise<{ planned: readonly UpsertOutcome[]; ms: number }> {
  for (let attempt = 1; ; attempt += 1) {
    // Measured from its turn on, not from when it began to wait for one.
    let started = 0;
    try {
      const planned = await database.write("import", async (tx) => {
        started = clock.monotonic();
        const { outcomes, writes } = planUpserts(
          await loadInventory(tx, upserts, options),
          upserts,
          options,
        );
        writeInventory(tx, writes);
        return outcomes;
      });
      return { planned, ms: clock.monotonic() - started };
    } catch (error) {
      // The next attempt finds what the other writer has left, and plans anew.
      if (attempt === ATTEMPTS || !isInventoryConflict(error)) throw error;
    }
  }
}
