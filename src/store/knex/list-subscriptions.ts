import type { SubscriptionPage, SubscriptionQuery } from "../inventory-store.js";
import type { Db, Value } from "./database.js";
import { getSubscriptions } from "./read-subscriptions.js";

/** Items of one page, unless its first subscription alone has more: what a page costs is bounded. */
const MAX_PAGE_ITEMS = 10_000;

interface Entry {
  readonly id: string;
  readonly item_count: number;
}

/** Lists subscriptions with all their items, in the order of their ids. */
export async function listSubscriptions(
  db: Db,
  query: SubscriptionQuery,
): Promise<SubscriptionPage> {
  const entries = await listEntries(db, query);
  const page = entries.slice(0, query.limit);
  let items = 0;
  const beyond = page.findIndex((entry, index) => {
    items += entry.item_count;
    return index > 0 && items > MAX_PAGE_ITEMS;
  });
  const whole = beyond === -1 ? page : page.slice(0, beyond);
  return {
    subscriptions: await getSubscriptions(
      db,
      whole.map(({ id }) => id),
    ),
    more: entries.length > whole.length,
  };
}

/** One more than asked for, if there is one. */
function listEntries(db: Db, { provider, after, limit }: SubscriptionQuery): Promise<Entry[]> {
  const conditions: string[] = [];
  const bindings: Value[] = [];
  const id = provider === undefined ? "id" : "subscription_id";
  if (provider !== undefined) {
    conditions.push("provider = ?");
    bindings.push(provider);
  }
  if (after !== undefined) {
    conditions.push(`${id} > ?`);
    bindings.push(after);
  }
  const table = provider === undefined ? "subscriptions" : "installed_items";
  return db.all<Entry>(
    `SELECT x.id,
       (SELECT count(*) FROM installed_items i WHERE i.subscription_id = x.id) AS item_count
     FROM (SELECT DISTINCT ${id} AS id FROM ${table}
       ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
       ORDER BY ${id} LIMIT ${limit + 1}) AS x
     ORDER BY x.id`,
    bindings,
  );
}
