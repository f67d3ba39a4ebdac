import type { Migration } from "./migration.js";

/**
 * Lets a claim mark its lanes without touching an index: what it writes is in none, nor in the
 * condition of one. Lanes that are owned stay among the ready ones, and are passed over there: there
 * are no more of them than may be under way. The lanes of an owner are found by its rows in `claims`,
 * or by `held_by` where they were claimed one by one; those whose heads were put back by `given_up`,
 * the transaction number that they were sent under.
 *
 * With room for the new version of each row in its page, PostgreSQL marks a lane in 8.5 us instead
 * of 16.6 and deletes it in 7.0 instead of 8.2. What one process holds is not counted any more (1.3 us a
 * head); what others hold costs 4 us a head, by key.
 */
export const claims: Migration = {
  name: "0010-claims",
  statements: ({ key, hot, roomToMark }) => [
    `CREATE TABLE claims (
      provider ${key} NOT NULL,
      number bigint NOT NULL,
      owner ${key} NOT NULL,
      ca_ids text NOT NULL,
      PRIMARY KEY (provider, number)) ${hot}`,
    "CREATE INDEX claims_owner ON claims (owner)",
    `ALTER TABLE lanes ADD COLUMN held_by ${key}`,
    "ALTER TABLE lanes ADD COLUMN given_up bigint",
    "UPDATE lanes SET held_by = owner, given_up = transaction_number",
    "DROP INDEX lanes_ready",
    "DROP INDEX lanes_asleep",
    "DROP INDEX lanes_given_up",
    "DROP INDEX lanes_owned",
    `CREATE INDEX lanes_ready ON lanes (provider, lane_rank DESC, order_date, head)
      WHERE wake_date IS NULL`,
    "CREATE INDEX lanes_asleep ON lanes (provider, wake_date) WHERE wake_date IS NOT NULL",
    "CREATE INDEX lanes_given_up ON lanes (provider, given_up) WHERE given_up IS NOT NULL",
    "CREATE INDEX lanes_held ON lanes (held_by, provider) WHERE held_by IS NOT NULL",
    ...roomToMark,
  ],
};
