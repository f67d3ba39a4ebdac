import type { Effectiveness } from "../../providers/effectiveness.js";
import type { StoredRunDefinition } from "../../providers/run-definition.js";

/** A row of `run_definitions`; SQLite has 0 and 1 for booleans. */
export interface RunDefinitionRow {
  readonly name: string;
  readonly cron: string;
  readonly time_zone: string;
  readonly providers: string;
  readonly wake: boolean | number;
  readonly life_cycle_state: Effectiveness;
  readonly defined_in_file: boolean | number;
  readonly version: number;
  readonly last_tick: number | null;
  readonly life_cycle_reason: string | null;
  readonly created_date: number;
  readonly updated_date: number;
  readonly created_by: string | null;
  readonly updated_by: string | null;
}

export function runDefinitionOf(row: RunDefinitionRow): StoredRunDefinition {
  return {
    name: row.name,
    cron: row.cron,
    timeZone: row.time_zone,
    providers: JSON.parse(row.providers) as string[],
    wake: Boolean(row.wake),
    lifeCycleState: row.life_cycle_state,
    definedInFile: Boolean(row.defined_in_file),
    version: row.version,
    lastTick: row.last_tick ?? undefined,
    lifeCycleReason: row.life_cycle_reason ?? undefined,
    createdDate: row.created_date,
    updatedDate: row.updated_date,
    createdBy: row.created_by ?? undefined,
    updatedBy: row.updated_by ?? undefined,
  };
}
