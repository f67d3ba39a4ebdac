import type { SessionSlot, SlotState } from "../dispatch-store.js";
import type { Db } from "./database.js";
import { holdIncarnation } from "./hold-incarnation.js";

/** Takes the free slots of a provider; the epoch of each rises with every such move. */
export async function acquireSlots(
  tx: Db,
  incarnation: string,
  provider: string,
): Promise<SessionSlot[]> {
  if (!(await holdIncarnation(tx, incarnation))) return [];
  return tx.all<{ provider: string; slot: number; epoch: number }>(
    `UPDATE session_slots SET owner = ?, epoch = epoch + 1, state = 'CLOSED', changed_date = $now
     WHERE provider = ? AND slot IN (SELECT slot FROM session_slots
       WHERE provider = ? AND owner IS NULL ORDER BY slot ${tx.dialect.forUpdateSkipLocked})
     RETURNING provider, slot, epoch`,
    [incarnation, provider, provider],
  );
}

/** Writes what a slot's session is doing, for every instance to see. */
export async function reportSlot(
  tx: Db,
  incarnation: string,
  slot: SessionSlot,
  state: SlotState,
  lastError: string | undefined,
): Promise<void> {
  await tx.all(
    `UPDATE session_slots SET state = ?, last_error = ?, changed_date = $now
     WHERE provider = ? AND slot = ? AND owner = ? AND epoch = ?`,
    [state, lastError ?? null, slot.provider, slot.slot, incarnation, slot.epoch],
  );
}
