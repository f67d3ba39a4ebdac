import type { Db } from "./database.js";

/**
 * True while the process is known and not fenced, which it then stays until the transaction ends:
 * what that writes in its name is seen by who fences it and frees what it holds (`fence`). Many
 * hold a row at once and follow on one another without a gap, so the lock is one that heartbeats,
 * which update the row, need not wait for.
 */
export async function holdIncarnation(tx: Db, incarnation: string): Promise<boolean> {
  const held = await tx.all(
    `SELECT 1 AS ok FROM incarnations WHERE id = ? AND fenced = false ${tx.dialect.forKeyShare}`,
    [incarnation],
  );
  return held.length > 0;
}
