import type { DispatchStore } from "../dispatch-store.js";
import { applyResults } from "./apply-results.js";
import { claimHeads } from "./claim-heads.js";
import type { Database } from "./database.js";
import { expireRequests } from "./end-requests.js";
import { deregister, heartbeat, registerIncarnation, takeOver } from "./incarnations.js";
import { reclaimHead, releaseStrays } from "./reclaim-head.js";
import { raiseSequence, renumberHead } from "./renumber-head.js";
import { acquireSlots, reportSlot } from "./session-slots.js";

/** The dispatcher's store over any knex database: each call one short transaction. */
export function knexDispatchStore(database: Database): DispatchStore {
  const { write } = database;
  return {
    claim: (options) => write("dispatch", (tx) => claimHeads(tx, options)),
    apply: (incarnation, results) =>
      write("dispatch", (tx) => applyResults(tx, incarnation, results)),
    renumber: (incarnation, head) => write("dispatch", (tx) => renumberHead(tx, incarnation, head)),
    reclaim: (incarnation, provider, transaction) =>
      write("dispatch", (tx) => reclaimHead(tx, incarnation, provider, transaction)),
    releaseStrays: (incarnation, provider, keep) =>
      write("dispatch", (tx) => releaseStrays(tx, incarnation, provider, keep)),
    raiseSequence: (provider, lastTransaction) =>
      write("dispatch", (tx) => raiseSequence(tx, provider, lastTransaction)),
    expire: (limit) => write("dispatch", (tx) => expireRequests(tx, limit)),
    register: (incarnation, description, leaseMs) =>
      write("dispatch", (tx) => registerIncarnation(tx, incarnation, description, leaseMs)),
    heartbeat: (incarnation, leaseMs) =>
      write("immediate", (tx) => heartbeat(tx, incarnation, leaseMs)),
    takeOver: (incarnation) => takeOver(database, incarnation),
    deregister: (incarnation) => deregister(database, incarnation),
    acquireSlots: (incarnation, provider) =>
      write("dispatch", (tx) => acquireSlots(tx, incarnation, provider)),
    reportSlot: (incarnation, slot, state, lastError) =>
      write("dispatch", (tx) => reportSlot(tx, incarnation, slot, state, lastError)),
  };
}
