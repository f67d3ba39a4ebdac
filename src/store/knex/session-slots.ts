import type { SessionSlot, SlotRate, SlotState } from "../dispatch-store.js";
import { type Db, json } from "./database.js";
import { holdIncarnation } from "./hold-incarnation.js";

/**
 * Takes free slots of a provider, so many at most; the epoch of each rises with every such move.
 * Slots from `connections` on are left from before it was lowered.
 */
export async function acquireSlots(
  tx: Db,
  incarnation: string,
  provider: string,
  providerVersion: number,
  connections: number,
  limit: number,
): Promise<SessionSlot[]> {
  if (!(await holdIncarnation(tx, incarnation))) return [];
  // A statement of its own: inside the UPDATE it may run again for each row that it has taken.
  const free = await tx.all<{ slot: number }>(
    `SELECT slot FROM session_slots WHERE provider = ? AND owner IS NULL AND slot < ?
     ORDER BY slot LIMIT ? ${tx.dialect.forUpdateSkipLocked}`,
    [provider, connections, limit],
  );
  if (free.length === 0) return [];
  return tx.all<{ provider: string; slot: number; epoch: number }>(
    `UPDATE session_slots SET owner = ?, epoch = epoch + 1, state = 'CLOSED',
       answers_per_second = NULL, changed_date = $now
     WHERE provider = ? AND ${tx.dialect.isOneOf("slot")}
       AND EXISTS (SELECT 1 FROM providers p WHERE p.name = session_slots.provider AND p.version = ?)
     RETURNING provider, slot, epoch`,
    [incarnation, provider, tx.dialect.numbers(free.map(({ slot }) => slot)), providerVersion],
  );
}

const SLOTS = { provider: "text", slot: "integer", epoch: "bigint" } as const;

/** Gives back what the process holds of slots, but for these. */
export async function keepSlots(
  tx: Db,
  incarnation: string,
  slots: readonly SessionSlot[],
): Promise<void> {
  await tx.all(
    `UPDATE session_slots SET owner = NULL, state = 'CLOSED', last_error = NULL,
       answers_per_second = NULL, changed_date = $now
     WHERE owner = ? AND (provider, slot, epoch) NOT IN
       (SELECT x.provider, x.slot, x.epoch FROM ${tx.dialect.rows("x", SLOTS)})`,
    [
      incarnation,
      json(
        SLOTS,
        slots.map(({ provider, slot, epoch }) => ({ provider, slot, epoch })),
      ),
    ],
  );
}

/**
 * Writes what a slot's session is doing, for every instance to see. Its date is that of the state,
 * whatever errors come meanwhile; OPEN is reported once for each session, so after OPEN it is
 * another one, whose predecessor's end could not be written.
 */
export async function reportSlot(
  tx: Db,
  incarnation: string,
  slot: SessionSlot,
  state: SlotState,
  lastError: string | undefined,
): Promise<void> {
  await tx.all(
    `UPDATE session_slots SET state = ?, last_error = ?, answers_per_second = NULL,
       changed_date = CASE WHEN state = ? AND state <> 'OPEN' THEN changed_date ELSE $now END
     WHERE provider = ? AND slot = ? AND owner = ? AND epoch = ?`,
    [state, lastError ?? null, state, slot.provider, slot.slot, incarnation, slot.epoch],
  );
}

const RATES = { provider: "text", slot: "integer", epoch: "bigint", rate: "text" } as const;

/** Writes how fast sessions are answered, of those slots that are still this process's. */
export async function reportRates(
  tx: Db,
  incarnation: string,
  rates: readonly SlotRate[],
): Promise<void> {
  const rows = rates.map(({ slot, answersPerSecond }) => ({
    ...slot,
    rate: String(answersPerSecond),
  }));
  await tx.all(
    `UPDATE session_slots SET answers_per_second = CAST(x.rate AS double precision)
     FROM ${tx.dialect.rows("x", RATES)}
     WHERE session_slots.provider = x.provider AND session_slots.slot = x.slot
       AND session_slots.epoch = x.epoch AND session_slots.owner = ?`,
    [json(RATES, rows), incarnation],
  );
}
