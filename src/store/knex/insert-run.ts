import type { ClaimRun } from "../dispatch-store.js";
import type { Db, Tx, Value } from "./database.js";
import { workElsewhere } from "./work-elsewhere.js";

const INSERT = `INSERT INTO runs (id, run_definition, run_definition_version, trigger, state,
    start_date, fire_date, owner, selected, completed, rejected, deferred)
  VALUES (?, ?, ?, ?, 'ACTIVE', ?, ?, ?, ?, 0, 0, 0)`;

/** The id of the definition's active run, if there is one. */
export async function activeRun(tx: Db, definition: string): Promise<string | undefined> {
  const [active] = await tx.all<{ id: string }>(
    "SELECT id FROM runs WHERE run_definition = ? AND state = 'ACTIVE'",
    [definition],
  );
  return active?.id;
}

/**
 * Adds selected heads to the active run of a definition, and stores the one given as that if there
 * is none. The id of the run they count in: another instance's, when it was first.
 */
export async function selectInRun(
  tx: Tx,
  run: ClaimRun,
  incarnation: string,
  selected: number,
): Promise<string> {
  // Another instance may have found the run drained and ended it: it goes on, as this one's, since
  // the one that stored it may be gone.
  tx.run(
    `UPDATE runs SET state = 'ACTIVE', end_date = NULL, owner = ?
     WHERE id = ? AND state <> 'ACTIVE' AND NOT EXISTS
       (SELECT 1 FROM runs other WHERE other.run_definition = ? AND other.state = 'ACTIVE')`,
    [incarnation, run.id, run.definition],
  );
  const [active] = await tx.all<{ id: string }>(
    `${INSERT} ON CONFLICT (run_definition) WHERE state = 'ACTIVE'
     DO UPDATE SET selected = runs.selected + excluded.selected RETURNING id`,
    values(run, incarnation, selected),
  );
  return active?.id ?? run.id;
}

/** Stores a run as ACTIVE; false when another one of its definition is. */
export async function startRun(tx: Db, run: ClaimRun, incarnation: string): Promise<boolean> {
  const started = await tx.all(
    `${INSERT} ON CONFLICT DO NOTHING RETURNING id`,
    values(run, incarnation, 0),
  );
  return started.length > 0;
}

/** The same, if other instances have something to claim in it. */
export async function startRunForOthers(
  tx: Db,
  run: ClaimRun,
  incarnation: string,
): Promise<boolean> {
  const [found] = await tx.all<{ elsewhere: boolean | number }>(
    `SELECT ${workElsewhere("?", tx.dialect)} AS elsewhere`,
    [incarnation, run.definition],
  );
  return Boolean(found?.elsewhere) && (await startRun(tx, run, incarnation));
}

function values(run: ClaimRun, incarnation: string, selected: number): Value[] {
  return [
    run.id,
    run.definition,
    run.definitionVersion,
    run.trigger,
    run.startDate,
    run.fireDate ?? null,
    incarnation,
    selected,
  ];
}
