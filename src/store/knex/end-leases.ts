import { PULL_PROCESS } from "../../requests/pulled.js";
import type { EndedLeases } from "../pull-store.js";
import type { Database } from "./database.js";
import { freeLanes } from "./free-lanes.js";

/** Leases that one call ends at most; what is left is a sweep late. */
const ENDED = 200;

/**
 * Ends leases that have run out. An answer that comes at the same time is safe: it locks the lane
 * before it looks, as this does, and whichever is second finds what the first has made of it. So do
 * two instances that end the same lease.
 */
export async function endLeases(database: Database): Promise<EndedLeases> {
  const over = await database.reader.all<{ id: string }>(
    `SELECT id FROM pull_leases WHERE expire_date <= $now ORDER BY expire_date LIMIT ${ENDED}`,
  );
  let lanes = 0;
  const unknown: number[] = [];
  for (const { id } of over) {
    const freed = await freeLanes(database, id, {
      description: `the lease ${id} ended without an answer: it may have had its effect`,
      processName: PULL_PROCESS,
      lastError: `the lease ${id} ended without an answer`,
    });
    lanes += freed.lanes - freed.unknown.length;
    unknown.push(...freed.unknown);
    await database.write("dispatch", (tx) =>
      tx.all("DELETE FROM pull_leases WHERE id = ? AND expire_date <= $now", [id]),
    );
  }
  return { leases: over.length, lanes, unknown };
}
