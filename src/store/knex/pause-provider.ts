import type { Db } from "./database.js";

/** Lets nothing be claimed for a provider for so long; a pause that lasts longer stands. */
export async function pauseProvider(tx: Db, provider: string, ms: number): Promise<void> {
  await tx.all(
    `UPDATE dispatch SET paused_from = $now, paused_until = $now + ?
     WHERE provider = ? AND coalesce(paused_until, 0)
       < ? + ${tx.dialect.greatest("$now", "coalesce(paused_from, 0)")}`,
    [ms, provider, ms],
  );
}
