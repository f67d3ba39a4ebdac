import type { Lane } from "../../requests/lane.js";
import { LANE_RANK } from "../../requests/priority.js";
import {
  explainWait,
  type ProviderCondition,
  UNKNOWN_PROVIDER,
} from "../../requests/waiting-for.js";

/** A lane with its head, as `selectLanes` returns it. */
export interface LaneRow {
  readonly now: number;
  readonly provider: string;
  readonly ca_id: string;
  readonly lane_rank: number;
  readonly wake_date: number | null;
  readonly owner: string | null;
  readonly last_error: string | null;
  readonly since_date: number;
  readonly id: string;
  readonly item_id: string;
  readonly serial_number: string;
  readonly alternative_code: string | null;
  readonly due_date: number;
  readonly depth: number;
}

/** The SELECT of whole lanes, in the order of their keys; `lanes` is a FROM item with their rows. */
export function selectLanes(lanes: string): string {
  return `SELECT $now AS now, l.provider, l.ca_id, l.lane_rank, l.wake_date, l.owner, l.last_error,
      l.since_date, r.id, r.item_id, r.serial_number, r.alternative_code, h.due_date, l.depth
    FROM ${lanes} AS l
    JOIN requests r ON r.number = l.head
    JOIN waiting h ON h.number = l.head
    ORDER BY l.provider, l.ca_id`;
}

/** The lane that a row tells of. */
export function laneOf(row: LaneRow, conditions: ReadonlyMap<string, ProviderCondition>): Lane {
  const provider = conditions.get(row.provider) ?? UNKNOWN_PROVIDER;
  const waitingFor =
    row.owner === null
      ? explainWait(
          {
            now: row.now,
            dueDate: row.due_date,
            isHead: true,
            // An immediate request anywhere in the lane lifts its head out of the runs.
            processImmediately: row.lane_rank >= LANE_RANK.IMMEDIATE,
            wakeDate: row.wake_date ?? undefined,
          },
          provider,
        )
      : undefined;
  const slotError = waitingFor === "PROVIDER_UNAVAILABLE" ? provider.lastError : undefined;
  return {
    provider: row.provider,
    smartcard: {
      id: row.item_id,
      serialNumber: row.serial_number,
      alternativeCode: row.alternative_code ?? undefined,
      caId: row.ca_id,
    },
    waitingFor,
    sinceDate: row.since_date,
    headId: row.id,
    depth: row.depth,
    owner: row.owner ?? undefined,
    lastError: row.last_error ?? slotError,
  };
}
