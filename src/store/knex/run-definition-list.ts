import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db, Value } from "./database.js";
import { type RunDefinitionRow, runDefinitionOf } from "./run-definition-row.js";

/** Every run definition, by name. */
export async function listRunDefinitions(db: Db): Promise<StoredRunDefinition[]> {
  const rows = await db.all<RunDefinitionRow>("SELECT * FROM run_definitions ORDER BY name");
  return rows.map(runDefinitionOf);
}

export interface RunDefinitionPage {
  readonly limit: number;
  /** Continue after the definition of this name. */
  readonly after: string | undefined;
}

/** Some run definitions, by name. */
export async function pageOfRunDefinitions(
  db: Db,
  { limit, after }: RunDefinitionPage,
): Promise<StoredRunDefinition[]> {
  const bindings: Value[] = after === undefined ? [limit] : [after, limit];
  const rows = await db.all<RunDefinitionRow>(
    `SELECT * FROM run_definitions WHERE ${after === undefined ? "true" : "name > ?"}
     ORDER BY name LIMIT ?`,
    bindings,
  );
  return rows.map(runDefinitionOf);
}
