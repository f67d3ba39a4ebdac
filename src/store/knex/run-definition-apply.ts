import { DEFAULT_RUN_DEFINITION, type RunDefinition } from "../../providers/run-definition.js";
import type { Db, Value } from "./database.js";
import { releaseLeftOut } from "./left-out-of-file.js";

/** Makes the run definitions what the file says, in the order of names; adds the default one. */
export async function applyRunDefinitions(
  tx: Db,
  definitions: readonly RunDefinition[],
): Promise<void> {
  const ordered = definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const definition of ordered) {
    await insert(tx, definition, true);
    await update(tx, definition);
  }
  await releaseLeftOut(
    tx,
    "run_definitions",
    ordered.map(({ name }) => name),
  );
  await addDefaultRunDefinition(tx);
}

/** Adds the default run definition unless there is one of its name. */
export function addDefaultRunDefinition(tx: Db): Promise<void> {
  return insert(tx, DEFAULT_RUN_DEFINITION, false);
}

/** Inserts the definition unless there is one of its name. */
async function insert(tx: Db, definition: RunDefinition, definedInFile: boolean): Promise<void> {
  await tx.all(
    `INSERT INTO run_definitions (cron, time_zone, providers, wake, defined_in_file, name,
       life_cycle_state, version, created_date, updated_date)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, $now, $now) ON CONFLICT (name) DO NOTHING`,
    [...columns(definition), definedInFile, definition.name, definition.lifeCycleState],
  );
}

/** Changes what differs from the definition; touches nothing when nothing does. */
async function update(tx: Db, definition: RunDefinition): Promise<void> {
  const values = [...columns(definition), true];
  await tx.all(
    `UPDATE run_definitions
     SET cron = ?, time_zone = ?, providers = ?, wake = ?, defined_in_file = ?,
       version = version + 1, updated_date = $now
     WHERE name = ? AND NOT (cron = ? AND time_zone = ? AND providers = ? AND wake = ?
       AND defined_in_file = ?)`,
    [...values, definition.name, ...values],
  );
}

function columns({ cron, timeZone, providers, wake }: RunDefinition): Value[] {
  return [cron, timeZone, JSON.stringify(providers), wake];
}
