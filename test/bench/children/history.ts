import type { Database } from "../../../src/store/knex/database.js";
import { BODY_HASH } from "./cards.js";
import type { Cards } from "./stock.js";

const AT_ONCE = 20_000;

/** The first rows of history, counted from 1 in SQL, which both databases can. */
const COUNT = "WITH RECURSIVE n(i) AS (SELECT ? + 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";

/**
 * Appends finished requests, dealt to the cards in turn. They are as large as those that follow:
 * where they were larger, PostgreSQL put each of those into a hole of an old page, and read and
 * wrote that page for it (8 KiB of log for each outcome).
 */
export async function insertHistory(
  database: Database,
  { provider, from, to }: Cards,
  rows: number,
): Promise<void> {
  const card = `(${from} + n.i % ${to - from})`;
  const digits = (number: string) => `CAST(100000000000 + ${number} AS text)`;
  const padded = `substr(CAST(100000000 + ${card} AS text), 2)`;
  for (let first = 1; first <= rows; first += AT_ONCE) {
    const bounds = [first, Math.min(rows, first + AT_ONCE - 1)];
    await database.write("import", async (tx) => {
      await tx.all(
        `INSERT INTO requests (number, id, type, provider, ca_id, subscription_id,
           subscription_number, item_id, serial_number, parameters, scheduled_date,
           process_immediately, priority, request_id, body_hash, created_date, created_by)
         ${COUNT} SELECT n.i, '01900000-0000-7000-8000-' || ${digits("n.i")},
           'REAUTHORISE_ALL_SERVICES', '${provider}', ${digits(card)}, 'sub-' || ${padded},
           'S-' || ${padded}, 'card-' || ${padded}, 'serial-' || ${padded},
           '{}', $now, false, 'REGULAR', '01900000-0000-4000-8000-' || ${digits("n.i")},
           '${BODY_HASH}', $now, 'admin' FROM n`,
        bounds,
      );
      await tx.all(
        `INSERT INTO outcomes (number, life_cycle_state, sequence_number, transaction_number,
           executed_date, request, response, reference_number, attempts, process_name, process_id,
           ended_date, ended_by)
         ${COUNT} SELECT n.i, 'COMPLETED', n.i, n.i, $now,
           'REAUTHORISE_ALL_SERVICES transaction=' || CAST(n.i AS text) || ' smartcard_ca_id=' ||
             ${digits(card)} || ' subscription_number=S-' || ${padded},
           'COMMAND_ACCEPTED transaction=' || CAST(n.i AS text) || ' reference_number=R7-' ||
             CAST(n.i AS text),
           'R7-' || CAST(n.i AS text), 1, 'default', '01900000-0000-7000-8000-000000000000',
           $now, 'service' FROM n`,
        bounds,
      );
      await tx.all("UPDATE dispatch SET sequence_number = ? WHERE provider = ?", [
        bounds[1] ?? 0,
        provider,
      ]);
    });
  }
  // Explicit numbers do not move PostgreSQL's sequence; SQLite remembers the highest by itself.
  if (database.dialect.capabilities.manyInstances) {
    await database.write("import", (tx) =>
      tx.all("SELECT setval('requests_number_seq', (SELECT max(number) FROM requests))"),
    );
  }
}
