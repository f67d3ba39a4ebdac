import type { Db } from "./database.js";

/** Lets nothing be claimed for a provider for so long; a longer pause stands. */
export async function pauseProvider(tx: Db, provider: string, ms: number): Promise<void> {
  await tx.all(
    `UPDATE dispatch
     SET paused_until = ${tx.dialect.greatest("coalesce(paused_until, 0)", "$now + ?")}
     WHERE provider = ?`,
    [ms, provider],
  );
}
