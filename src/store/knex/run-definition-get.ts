import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { type RunDefinitionRow, runDefinitionOf } from "./run-definition-row.js";

/** The run definition of this name; undefined when there is none. */
export async function getRunDefinition(
  db: Db,
  name: string,
): Promise<StoredRunDefinition | undefined> {
  const [row] = await db.all<RunDefinitionRow>("SELECT * FROM run_definitions WHERE name = ?", [
    name,
  ]);
  return row && runDefinitionOf(row);
}
