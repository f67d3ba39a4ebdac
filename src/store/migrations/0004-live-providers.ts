import type { Migration } from "./migration.js";

/** Who changed what is configured, and why; how fast each session is answered. */
export const liveProviders: Migration = {
  name: "0004-live-providers",
  statements: () => [
    ...["providers", "run_definitions"].flatMap((table) => [
      `ALTER TABLE ${table} ADD COLUMN life_cycle_reason text`,
      `ALTER TABLE ${table} ADD COLUMN created_by text`,
      `ALTER TABLE ${table} ADD COLUMN updated_by text`,
    ]),
    "ALTER TABLE session_slots ADD COLUMN answers_per_second double precision",
  ],
};
