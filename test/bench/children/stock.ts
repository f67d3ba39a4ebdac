import { systemClock } from "../../../src/requests/clock.js";
import type { Database, Row } from "../../../src/store/knex/database.js";
import { knexInventoryStore } from "../../../src/store/knex/knex-inventory-store.js";
import { prepareDatabase } from "../../../src/store/prepare-database.js";
import { acceptPending } from "./accept-pending.js";
import { answerParent } from "./answer-parent.js";
import { caIdOf, cardId, serialNumber, subscriptionId, subscriptionNumber } from "./cards.js";
import { configurationOf, type Setup } from "./configuration.js";
import { insertHistory } from "./history.js";

const AT_ONCE = 1000;
const AN_HOUR_MS = 3_600_000;

/** Cards by their numbers, the last one not among them. */
export interface Cards {
  readonly provider: string;
  readonly from: number;
  readonly to: number;
}

async function withDatabase<T>(setup: Setup, work: (database: Database) => Promise<T>): Promise<T> {
  const { database } = await prepareDatabase({
    configuration: configurationOf(setup),
    clock: systemClock,
    onNotice: () => undefined,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Puts things into databases, and looks into them. */
const api = {
  /** One subscription for each card. */
  inventory: (setup: Setup, { provider, from, to }: Cards) =>
    withDatabase(setup, async (database) => {
      const inventory = knexInventoryStore(database, systemClock);
      for (let start = from; start < to; start += AT_ONCE) {
        const length = Math.min(AT_ONCE, to - start);
        const upserts = Array.from({ length }, (_, k) => ({
          id: subscriptionId(start + k),
          number: subscriptionNumber(start + k),
          items: [
            {
              id: cardId(start + k),
              type: "SMARTCARD" as const,
              serialNumber: serialNumber(start + k),
              alternativeCode: undefined,
              ca: { provider, caId: caIdOf(start + k) },
            },
          ],
        }));
        const outcomes = await inventory.upsert(upserts, { detachUnlistedItems: false });
        const refused = outcomes.find((outcome) => outcome.kind === "refused");
        if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
      }
    }),

  /** Finished requests of these cards. */
  async history(setup: Setup, cards: Cards, rows: number): Promise<void> {
    await withDatabase(setup, async (database) => {
      await insertHistory(database, cards, rows);
      // What was stored behind its back is taken into the index of request_ids.
      await database.ready();
    });
  },

  /** Requests that are due, dealt to the cards in turn, stored as the service stores them. */
  pending: (setup: Setup, cards: Cards, requests: number) =>
    withDatabase(setup, (database) => acceptPending(database, cards, requests)),

  /** Makes the heads of these cards' lanes wait for their next attempt. */
  block: (setup: Setup, { provider, from, to }: Cards) =>
    withDatabase(setup, async (database) => {
      await database.write("import", (tx) =>
        tx.all(
          `UPDATE lanes SET wake_date = $now + ${AN_HOUR_MS}, claim_number = 1, attempts = 1,
             tries = 1, sequence_number = head, transaction_number = head, last_error = 'blocked'
           WHERE provider = ? AND ca_id >= ? AND ca_id < ?`,
          [provider, caIdOf(from), caIdOf(to)],
        ),
      );
      await database.write("import", (tx) =>
        tx.all(
          `UPDATE dispatch SET sequence_number = (SELECT max(number) FROM requests)
           WHERE provider = ?`,
          [provider],
        ),
      );
    }),

  query: (setup: Setup, sql: string): Promise<Row[]> =>
    withDatabase(setup, (database) => database.reader.all(sql)),
};

export type StockApi = typeof api;

answerParent(api);
