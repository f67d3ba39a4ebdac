import { LANE_RANK } from "../../requests/priority.js";
import type { Dialect } from "./dialect.js";

/**
 * True when another instance than the one given has something to claim that is due, for a provider
 * that the effective run definition of this name (an SQL expression) covers: it has an open session
 * of it, and lanes are ready. Lanes with an immediate request need no run.
 */
export function workElsewhere(definition: string, dialect: Dialect): string {
  const idle = "l.provider = s.provider AND l.owner IS NULL";
  return `EXISTS (SELECT 1 FROM run_definitions d
    JOIN session_slots s ON s.state = 'OPEN' AND s.owner <> ?
    JOIN providers p ON p.name = s.provider AND p.life_cycle_state = 'EFFECTIVE'
    WHERE d.name = ${definition} AND d.life_cycle_state = 'EFFECTIVE'
      AND (d.providers = '[]' OR ${dialect.lists("d.providers", "s.provider")})
      AND (EXISTS (SELECT 1 FROM lanes l
          WHERE ${idle} AND l.wake_date IS NULL AND l.lane_rank < ${LANE_RANK.IMMEDIATE})
        OR EXISTS (SELECT 1 FROM lanes l
          WHERE ${idle} AND l.wake_date IS NOT NULL AND l.wake_date <= $now)))`;
}
