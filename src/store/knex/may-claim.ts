import type { Db } from "./database.js";
import { holdIncarnation } from "./hold-incarnation.js";

/**
 * True while the provider is effective and the process, which is not fenced until the transaction
 * ends, holds one of its slots.
 */
export async function mayClaim(tx: Db, provider: string, incarnation: string): Promise<boolean> {
  const [slots, held] = await Promise.all([
    tx.all(
      `SELECT 1 AS ok FROM providers p
       WHERE p.name = ? AND p.life_cycle_state = 'EFFECTIVE'
         AND EXISTS (SELECT 1 FROM session_slots s WHERE s.provider = p.name AND s.owner = ?)`,
      [provider, incarnation],
    ),
    holdIncarnation(tx, incarnation),
  ]);
  return slots.length > 0 && held;
}
