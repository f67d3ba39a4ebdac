import { v7 as newId } from "uuid";
import type { ClaimRun } from "../../../src/store/dispatch-store.js";
import type { Database } from "../../../src/store/knex/database.js";
import { knexDispatchStore } from "../../../src/store/knex/knex-dispatch-store.js";
import { referenceOf, wireTexts } from "./wire-texts.js";

const AT_ONCE = 500;
const LEASE_MS = 600_000;

/** Claims one time after the other and finishes what it claimed in between, which is not counted. */
export async function claimOnly(database: Database, provider: string, heads: number) {
  const store = knexDispatchStore(database);
  const incarnation = newId();
  await store.register(incarnation, "bench", LEASE_MS);
  await store.takeOver(incarnation);
  const [row] = await database.reader.all<{ version: number }>(
    "SELECT version FROM providers WHERE name = ?",
    [provider],
  );
  const providerVersion = row?.version ?? 0;
  await store.acquireSlots(incarnation, provider, providerVersion, 1, 1);
  const run: ClaimRun = {
    id: newId(),
    definition: "default",
    definitionVersion: 1,
    trigger: "WAKE",
    startDate: Date.now(),
    fireDate: undefined,
  };
  const options = {
    provider,
    providerVersion,
    incarnation,
    limit: AT_ONCE,
    maxInFlight: 1000,
    inHand: 0,
    ended: [],
    pace: undefined,
    run,
  };
  let claimed = 0;
  let ms = 0;
  while (claimed < heads) {
    const started = performance.now();
    const claim = await store.claim(options);
    ms += performance.now() - started;
    if (claim.heads.length === 0) throw new Error(`nothing left to claim after ${claimed}`);
    claimed += claim.heads.length;
    await store.apply(
      incarnation,
      claim.heads.map((head) => ({
        head,
        processName: "default",
        kind: "finish" as const,
        state: "COMPLETED" as const,
        executedDate: Date.now(),
        ...wireTexts({ ...head, transaction: head.transactionNumber }),
        referenceNumber: referenceOf(head.transactionNumber),
        answer: undefined,
        errorCode: undefined,
        errorDescription: undefined,
        errorOrigin: undefined,
        attempts: 1,
        processId: claim.run?.id,
      })),
    );
  }
  await store.deregister(incarnation);
  return { ms, claimed };
}
