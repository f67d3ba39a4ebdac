import type { Clock } from "../../requests/clock.js";
import type { InventoryStore } from "../inventory-store.js";
import type { Database } from "./database.js";
import { listSubscriptions } from "./list-subscriptions.js";
import { getSubscription } from "./read-subscriptions.js";
import { TransactionPace } from "./transaction-pace.js";
import { upsertSubscriptions } from "./upsert-subscriptions.js";

/** What one transaction of an import may take where all other writers wait for it. */
const TURN_MS = 20;

/** The inventory in an open database. */
export function knexInventoryStore(database: Database, clock: Clock): InventoryStore {
  const { reader, lister, dialect } = database;
  const pace = new TransactionPace(dialect.capabilities.manyWriters ? undefined : TURN_MS);
  return {
    upsert: (upserts, options) => upsertSubscriptions(database, clock, pace, upserts, options),
    get: (identifier) => getSubscription(reader, identifier),
    list: (query) => listSubscriptions(lister, query),
  };
}
