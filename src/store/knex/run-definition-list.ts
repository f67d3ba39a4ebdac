import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { type RunDefinitionRow, runDefinitionOf } from "./run-definition-row.js";

/** Every run definition, by name. */
export async function listRunDefinitions(db: Db): Promise<StoredRunDefinition[]> {
  const rows = await db.all<RunDefinitionRow>("SELECT * FROM run_definitions ORDER BY name");
  return rows.map(runDefinitionOf);
}
