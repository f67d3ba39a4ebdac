import { PairMap } from "../../memory/pair-map.js";
import type { ColumnType } from "./dialect.js";

/** What a lane is found by. */
export interface LaneKey {
  readonly provider: string;
  readonly ca_id: string;
}

/** The columns of rows that name lanes, as `json` and `rows` take them. */
export const LANE_KEY = {
  provider: "text",
  ca_id: "text",
} as const satisfies Record<string, ColumnType>;

/**
 * In the order in which every transaction takes lanes, so that no two wait for one another. Where
 * two databases compare texts otherwise than this, a deadlock is the worst of it: the batch is
 * then run again.
 */
export function inKeyOrder<T extends LaneKey>(lanes: readonly T[]): T[] {
  return lanes.toSorted((a, b) => compare(a.provider, b.provider) || compare(a.ca_id, b.ca_id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Lanes by what they are found by. */
export function byKey<Lane extends LaneKey>(lanes: readonly Lane[]): PairMap<Lane> {
  const map = new PairMap<Lane>();
  for (const lane of lanes) map.set(lane.provider, lane.ca_id, lane);
  return map;
}
