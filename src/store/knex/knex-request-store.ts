import type { ProviderCondition } from "../../requests/waiting-for.js";
import { isConflict } from "../database-error.js";
import type { RequestStore } from "../request-store.js";
import { acceptedOf, acceptRequests } from "./accept-requests.js";
import type { Database } from "./database.js";
import { cancelRequest } from "./end-requests.js";
import { listRequests } from "./list-requests.js";
import { prepareCreates } from "./prepare-creates.js";
import { readConditions } from "./read-conditions.js";
import { type RequestRow, requestOf, selectRequests } from "./request-row.js";
import { resetSubscription } from "./reset-subscription.js";
import { holdSecretKey } from "./secret-key.js";

/** How old the provider conditions in an answer may be: they only explain why a request waits. */
const CONDITIONS_MS = 250;

/** A reset claims nothing: its requests are sent inside a run. */
const NO_PLACES = new Map<string, never>();

/** How often a batch is begun again because of what others stored meanwhile. */
const ATTEMPTS = 3;

/** Begins again when the same request_id came in at the same time: it is stored by now. */
async function untilNoConflict<T>(store: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

/**
 * The request store over any knex database. With a key id, PINs are stored only while that secret
 * key is the database's: it is the one that they were encrypted with.
 */
export function knexRequestStore(database: Database, keyId?: string): RequestStore {
  let conditions: Promise<ReadonlyMap<string, ProviderCondition>> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  function recentConditions(): Promise<ReadonlyMap<string, ProviderCondition>> {
    if (conditions === undefined || performance.now() - readAt > CONDITIONS_MS) {
      readAt = performance.now();
      const reading = readConditions(database.reader);
      reading.catch(() => {
        if (conditions === reading) conditions = undefined;
      });
      conditions = reading;
    }
    return conditions;
  }

  return {
    sideBySide: database.dialect.capabilities.manyWriters,
    shared: database.dialect.capabilities.manyInstances,
    async accept(batch, context) {
      const known = recentConditions();
      known.catch(() => undefined);
      const sealed = batch.some(({ sealedPin }) => sealedPin !== undefined);
      const immediate = batch.some(({ create }) => create.processImmediately);
      const prepared = prepareCreates(batch, database);
      return await untilNoConflict(() =>
        database.write(immediate ? "immediate" : context.bulk ? "bulk" : "create", async (tx) => {
          if (sealed && keyId !== undefined) await holdSecretKey(tx, keyId);
          // In the transaction: nothing may fail between the commit and the acknowledgement.
          return acceptedOf(await acceptRequests(tx, prepared, context), await known);
        }),
      );
    },
    async reset(reset, rules) {
      const known = await recentConditions();
      const context = { rules, claim: { incarnation: "", places: NO_PLACES } };
      return await untilNoConflict(() =>
        database.write("create", async (tx) => {
          const result = await resetSubscription(tx, reset, context);
          if (result.kind === "replayed") {
            return { requests: result.rows.map((row) => requestOf(row, known)), replayed: true };
          }
          const requests = acceptedOf(result.batch, known).flatMap((accepted) =>
            accepted.kind === "stored" ? [accepted.request] : [],
          );
          return { requests, replayed: false };
        }),
      );
    },
    async get(identifier) {
      const [row] = await database.reader.all<RequestRow>(
        `${selectRequests("full")} WHERE r.${identifier.by} = ?`,
        [identifier.value],
      );
      return row && requestOf(row, await readConditions(database.reader));
    },
    async list(page) {
      const rows = await listRequests(database.lister, page);
      if (rows.length === 0) return [];
      const current = await readConditions(database.reader);
      return rows.map((row) => requestOf(row, current));
    },
    cancel: (identifier, by, reason) =>
      database.write("create", (tx) => cancelRequest(tx, identifier, by, reason)),
    conditions: () => readConditions(database.reader),
  };
}
