import type { Migration } from "./migration.js";

/**
 * Where every commit writes whole pages beside one another, request_ids that are random cost a
 * create half of what it costs. There the index of them is made otherwise.
 */
export const levelsOfRequestIds: Migration = {
  name: "0007-levels-of-request-ids",
  statements: ({ requestIds }) => requestIds,
};
