import type { PullStore } from "../pull-store.js";
import { answerHeads } from "./answer-heads.js";
import type { Database } from "./database.js";
import { endLeases } from "./end-leases.js";
import { leaseHeads } from "./lease-heads.js";

/** The store of pulled providers over any knex database. */
export function knexPullStore(database: Database): PullStore {
  const { write } = database;
  return {
    claim: (options) => write("dispatch", (tx) => leaseHeads(tx, options)),
    answer: (answers, finishOf) => write("dispatch", (tx) => answerHeads(tx, answers, finishOf)),
    endLeases: () => endLeases(database),
  };
}
