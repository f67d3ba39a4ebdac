import type { LiveSlot, ProviderLiveState } from "../../providers/provider-live-state.js";
import type { Pace, SlotState } from "../dispatch-store.js";
import { countOwned } from "./claims.js";
import type { Db } from "./database.js";
import { pausedFor, refilled } from "./dispatch-row.js";

interface SlotRow {
  readonly slot: number;
  readonly owner: string | null;
  readonly description: string | null;
  readonly epoch: number;
  readonly state: SlotState;
  readonly last_error: string | null;
  readonly changed_date: number;
  readonly answers_per_second: number | null;
}

/** How a provider stands: its first `connections` slots, what is in hand, what its rate allows. */
export async function readLiveState(
  db: Db,
  provider: string,
  connections: number,
  pace: Pace | undefined,
): Promise<ProviderLiveState> {
  const slots = await db.all<SlotRow>(
    `SELECT s.slot, s.owner, i.description, s.epoch, s.state, s.last_error, s.changed_date,
       s.answers_per_second
     FROM session_slots s LEFT JOIN incarnations i ON i.id = s.owner
     WHERE s.provider = ? AND (s.slot < ? OR s.owner IS NOT NULL) ORDER BY s.slot`,
    [provider, connections],
  );
  const [dispatch] = await db.all<{
    now: number;
    tokens: number;
    tokens_date: number;
    paused_from: number | null;
    paused_until: number | null;
  }>(
    `SELECT $now AS now, tokens, tokens_date, paused_from, paused_until
     FROM dispatch WHERE provider = ?`,
    [provider],
  );
  const pausedMs = dispatch === undefined ? 0 : pausedFor(dispatch);
  return {
    slots: slots.map(slotOf),
    inFlight: await countOwned(db, provider),
    tokens:
      pace === undefined || dispatch === undefined
        ? undefined
        : Math.max(0, refilled(dispatch, pace)),
    pausedUntil: dispatch !== undefined && pausedMs > 0 ? dispatch.now + pausedMs : undefined,
  };
}

function slotOf(row: SlotRow): LiveSlot {
  const connected = row.state === "OPEN" ? "CONNECTED" : "DISCONNECTED";
  return {
    slot: row.slot,
    state: row.owner === null ? "FREE" : connected,
    holder: row.owner ?? undefined,
    holderDescription: row.description ?? undefined,
    epoch: row.epoch,
    sinceDate: row.changed_date,
    lastError: row.last_error ?? undefined,
    answersPerSecond: row.answers_per_second ?? undefined,
  };
}
