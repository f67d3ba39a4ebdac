import type { Migration } from "./migration.js";

/**
 * On SQLite, where each random request_id changes a page of a plain index, a table that
 * `LeveledRequestIds` fills takes its place. The first start of the service fills it.
 */
export const levelsOfRequestIds: Migration = {
  name: "0007-levels-of-request-ids",
  statements: ({ requestIds }) => requestIds,
};
