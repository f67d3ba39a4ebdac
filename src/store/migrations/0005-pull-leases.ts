import type { Migration } from "./migration.js";

/**
 * Leases under which requests of pulled providers are handed out: each owns lanes, as processes
 * do, and is found by its expiry. And when a provider's requests were last asked for.
 */
export const pullLeases: Migration = {
  name: "0005-pull-leases",
  statements: ({ key, hot }) => [
    `CREATE TABLE pull_leases (
      id ${key} PRIMARY KEY,
      provider ${key} NOT NULL,
      expire_date bigint NOT NULL) ${hot}`,
    "CREATE INDEX pull_leases_provider ON pull_leases (provider)",
    "CREATE INDEX pull_leases_expire ON pull_leases (expire_date)",
    "ALTER TABLE dispatch ADD COLUMN pulled_date bigint",
  ],
};
