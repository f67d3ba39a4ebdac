import { isUrgent, LANE_RANK, REGULAR_EVERY } from "../../requests/priority.js";
import type { Db } from "./database.js";
import { HEAD_COLUMNS, type HeadRow, LANE_COLUMNS, selectHeads } from "./head-row.js";
import { selectMany } from "./many-rows.js";

export interface Choice {
  readonly provider: string;
  /** Places, one at least. */
  readonly places: number;
  /** Heads claimed at the provider so far. */
  readonly turn: number;
  /** Only lanes with a due immediate request. */
  readonly immediateOnly: boolean;
}

export interface Chosen {
  readonly chosen: HeadRow[];
  /** Ready ones were left. */
  readonly more: boolean;
}

/**
 * The ready lanes that the places go to: immediate and EXPRESS ones first, oldest first within a
 * rank; but every tenth place to a REGULAR one, so that urgent work never stops the rest.
 */
export async function chooseHeads(tx: Db, choice: Choice): Promise<Chosen> {
  const { provider, places, turn, immediateOnly } = choice;
  const ready = (condition: string, limit: number) =>
    selectMany<HeadRow>(
      tx,
      HEAD_COLUMNS,
      selectHeads(
        `SELECT ${LANE_COLUMNS} FROM lanes
         WHERE provider = ? AND owner IS NULL AND wake_date IS NULL AND lane_rank ${condition}
         ORDER BY lane_rank DESC, order_date, head LIMIT ? ${tx.dialect.forUpdateSkipLocked}`,
        tx.dialect,
      ),
      [provider, limit],
    );
  const lowest = immediateOnly ? LANE_RANK.IMMEDIATE : LANE_RANK.REGULAR;
  // One more than there are places for tells whether any are left.
  const found = await ready(`>= ${lowest}`, places + 1);
  const more = found.length > places;
  const first = found.slice(0, places);
  const reserved = Math.floor((turn + places) / REGULAR_EVERY) - Math.floor(turn / REGULAR_EVERY);
  const urgent = first.filter(({ lane_rank }) => isUrgent(lane_rank));
  // Only where urgent lanes fill the places is there a REGULAR one to look for.
  if (immediateOnly || !more || places - urgent.length >= reserved) return { chosen: first, more };
  const regular = await ready(`= ${LANE_RANK.REGULAR}`, reserved);
  return { chosen: [...urgent.slice(0, places - regular.length), ...regular], more };
}

/** True where there is a ready lane to choose. */
export async function anyReady(
  tx: Db,
  { provider, immediateOnly }: Pick<Choice, "provider" | "immediateOnly">,
): Promise<boolean> {
  const ready = await tx.all(
    `SELECT 1 AS ok FROM lanes
     WHERE provider = ? AND owner IS NULL AND wake_date IS NULL AND lane_rank >= ? LIMIT 1`,
    [provider, immediateOnly ? LANE_RANK.IMMEDIATE : LANE_RANK.REGULAR],
  );
  return ready.length > 0;
}
