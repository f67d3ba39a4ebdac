import type { Migration } from "./migration.js";

/** How many open requests a lane has: an outcome then knows without a look that it was the last. */
export const laneDepth: Migration = {
  name: "0002-lane-depth",
  statements: () => [
    "ALTER TABLE lanes ADD COLUMN depth integer NOT NULL DEFAULT 0",
    `UPDATE lanes SET depth = (SELECT count(*) FROM waiting w
      WHERE w.provider = lanes.provider AND w.ca_id = lanes.ca_id)`,
  ],
};
