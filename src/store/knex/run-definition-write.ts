import type { RunDefinition } from "../../providers/run-definition.js";
import type { Db, Value } from "./database.js";

/** Where a run definition comes from: the configuration file, a user, or this service itself. */
export type Origin =
  | { readonly kind: "file" }
  | { readonly kind: "call"; readonly by: string }
  | { readonly kind: "service" };

/** Inserts the definition unless there is one of its name; true when it did. */
export async function insertRunDefinition(
  tx: Db,
  definition: RunDefinition,
  origin: Origin,
): Promise<boolean> {
  const by = userOf(origin);
  const rows = await tx.all(
    `INSERT INTO run_definitions (cron, time_zone, providers, wake, defined_in_file, name,
       life_cycle_state, created_by, updated_by, version, created_date, updated_date)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, $now, $now)
     ON CONFLICT (name) DO NOTHING RETURNING name`,
    [
      ...columns(definition),
      origin.kind === "file",
      definition.name,
      definition.lifeCycleState,
      by,
      by,
    ],
  );
  return rows.length > 0;
}

/** Changes what differs from the definition; touches nothing when nothing does. */
export async function updateRunDefinition(
  tx: Db,
  definition: RunDefinition,
  origin: Origin,
): Promise<void> {
  const values = [...columns(definition), origin.kind === "file"];
  await tx.all(
    `UPDATE run_definitions
     SET cron = ?, time_zone = ?, providers = ?, wake = ?, defined_in_file = ?,
       updated_by = ?, version = version + 1, updated_date = $now
     WHERE name = ? AND NOT (cron = ? AND time_zone = ? AND providers = ? AND wake = ?
       AND defined_in_file = ?)`,
    [...values, userOf(origin), definition.name, ...values],
  );
}

function columns({ cron, timeZone, providers, wake }: RunDefinition): Value[] {
  return [cron, timeZone, JSON.stringify(providers), wake];
}

function userOf(origin: Origin): string | null {
  return origin.kind === "call" ? origin.by : null;
}
