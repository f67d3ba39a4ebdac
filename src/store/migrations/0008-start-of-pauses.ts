import type { Migration } from "./migration.js";

/** When a provider's pause began, so that it can be told from a clock that was set back since. */
export const startOfPauses: Migration = {
  name: "0008-start-of-pauses",
  statements: () => ["ALTER TABLE dispatch ADD COLUMN paused_from bigint"],
};
