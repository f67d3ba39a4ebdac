import type { LaneStore } from "../lane-store.js";
import type { Database } from "./database.js";
import { endPause } from "./end-pause.js";
import { listLanes } from "./list-lanes.js";
import { readConditions } from "./read-conditions.js";

/** The lane store over any knex database. */
export function knexLaneStore(database: Database): LaneStore {
  return {
    async list(page) {
      return listLanes(database.lister, page, await readConditions(database.reader));
    },
    endPause: (number) => database.write("create", (tx) => endPause(tx, number)),
  };
}
