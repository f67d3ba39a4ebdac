import type { Applied, DispatchStore, HeadResult, Succession } from "../dispatch-store.js";
import { applyResults } from "./apply-results.js";
import { claimHeads } from "./claim-heads.js";
import { MANY } from "./claims.js";
import type { Database, Tx, WriteClass } from "./database.js";
import { expireRequests } from "./end-requests.js";
import { finishLast } from "./finish-last.js";
import {
  countInstances,
  deregister,
  heartbeat,
  registerIncarnation,
  takeOver,
} from "./incarnations.js";
import { markSending } from "./mark-sending.js";
import { pauseProvider } from "./pause-provider.js";
import { recallSleepers } from "./recall-sleepers.js";
import { reclaimHead } from "./reclaim-head.js";
import { releaseStrays } from "./release-strays.js";
import { raiseSequence, renumberHead } from "./renumber-head.js";
import { repairLanes } from "./repair-lanes.js";
import { holdSecretKey } from "./secret-key.js";
import { acquireSlots, keepSlots, reportRates, reportSlot } from "./session-slots.js";
import { reserveNumbers } from "./succession.js";

/**
 * The dispatcher's store over any knex database: each call one short transaction. With a key id,
 * only a process whose secret key is still the database's can register. From `many` heads on a claim
 * names its lanes together (`claims.ts`).
 */
export function knexDispatchStore(database: Database, keyId?: string, many = MANY): DispatchStore {
  const { write } = database;
  return {
    claim: (options) => write("dispatch", (tx) => claimHeads(tx, options, many)),
    finishLast: (incarnation, results) =>
      write(classOf(results), (tx) => finishLast(tx, incarnation, results)),
    apply: (incarnation, results, asked) => apply(database, incarnation, results, asked),
    renumber: (incarnation, head) => write("dispatch", (tx) => renumberHead(tx, incarnation, head)),
    reclaim: (incarnation, provider, transaction) =>
      write("dispatch", (tx) => reclaimHead(tx, incarnation, provider, transaction)),
    releaseStrays: (incarnation, provider, keep) =>
      write("dispatch", (tx) => releaseStrays(tx, incarnation, provider, keep)),
    pause: (provider, ms) => write("dispatch", (tx) => pauseProvider(tx, provider, ms)),
    markSending: (incarnation, heads) =>
      write("immediate", (tx) => markSending(tx, incarnation, heads)),
    raiseSequence: (provider, lastTransaction) =>
      write("dispatch", (tx) => raiseSequence(tx, provider, lastTransaction)),
    repairLanes: (after) => repairLanes(database, after),
    recallSleepers: (seen) => recallSleepers(database, seen),
    expire: (limit) => write("dispatch", (tx) => expireRequests(tx, limit)),
    register: (incarnation, description, leaseMs) =>
      write("dispatch", async (tx) => {
        if (keyId !== undefined) await holdSecretKey(tx, keyId);
        await registerIncarnation(tx, incarnation, description, leaseMs);
      }),
    heartbeat: (incarnation, leaseMs) =>
      write("immediate", (tx) => heartbeat(tx, incarnation, leaseMs)),
    takeOver: (incarnation) => takeOver(database, incarnation),
    deregister: (incarnation) => deregister(database, incarnation),
    instances: () => countInstances(database.reader),
    acquireSlots: (incarnation, provider, version, connections, limit) =>
      write("dispatch", (tx) =>
        acquireSlots(tx, incarnation, provider, version, connections, limit),
      ),
    keepSlots: (incarnation, slots) => write("dispatch", (tx) => keepSlots(tx, incarnation, slots)),
    reportSlot: (incarnation, slot, state, lastError) =>
      write("dispatch", (tx) => reportSlot(tx, incarnation, slot, state, lastError)),
    reportRates: (incarnation, rates) =>
      write("dispatch", (tx) => reportRates(tx, incarnation, rates)),
  };
}

/**
 * The row of the counter that successions take numbers from is locked until the transaction ends
 * that reserves them; so, where others write meanwhile, that is one of its own.
 */
async function apply(
  { write, dialect }: Database,
  incarnation: string,
  results: readonly HeadResult[],
  asked: readonly Succession[] = [],
): Promise<Applied> {
  const writeClass = classOf(results);
  const reserve = (tx: Tx) => reserveNumbers(tx, results, asked);
  const isApart = asked.length > 0 && dialect.capabilities.manyWriters;
  const reserved = isApart ? await write(writeClass, reserve) : undefined;
  return write(writeClass, async (tx) =>
    applyResults(tx, incarnation, results, reserved ?? (await reserve(tx))),
  );
}

/** Urgent results in one batch that pass claims and others; more would hold up heartbeats. */
const FEW = 100;

/** Somebody waits for what becomes of urgent heads, or for the ones behind them. */
function classOf(results: readonly HeadResult[]): WriteClass {
  const urgent = results.length <= FEW && results.every(({ head }) => head.urgent);
  return urgent ? "immediate" : "dispatch";
}
