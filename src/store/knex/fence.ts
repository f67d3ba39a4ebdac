import { type Db, json } from "./database.js";

const ID = { id: "text" } as const;

/**
 * Fences the processes that a condition on `incarnations` finds, and returns them. Their rows are
 * locked first, in a mode that waits for whoever holds one (`holdIncarnation`) and keeps others from
 * it: the UPDATE alone would pass them, as heartbeats do and must. Those that were locked are fenced,
 * whatever the condition finds by then.
 */
export async function fence(
  tx: Db,
  condition: string,
  bindings: readonly string[] = [],
): Promise<string[]> {
  const locked = await tx.all<{ id: string }>(
    `SELECT id FROM incarnations WHERE ${condition} ORDER BY id ${tx.dialect.forUpdate}`,
    bindings,
  );
  if (locked.length > 0) {
    await tx.all(
      `UPDATE incarnations SET fenced = true FROM ${tx.dialect.rows("x", ID)}
       WHERE incarnations.id = x.id`,
      [json(ID, locked)],
    );
  }
  return locked.map(({ id }) => id);
}
