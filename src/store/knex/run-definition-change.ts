import type { Changed } from "../../providers/configured-change.js";
import type { RunDefinition, StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { getRunDefinition } from "./run-definition-get.js";
import { type RunDefinitionRow, runDefinitionOf } from "./run-definition-row.js";
import { insertRunDefinition, updateRunDefinition } from "./run-definition-write.js";

/** Creates a run definition by call; undefined when there is one of its name. */
export async function createRunDefinition(
  tx: Db,
  definition: RunDefinition,
  by: string,
): Promise<StoredRunDefinition | undefined> {
  const isNew = await insertRunDefinition(tx, definition, { kind: "call", by });
  return isNew ? getRunDefinition(tx, definition.name) : undefined;
}

/** Changes a run definition by call, if it still has the version that the caller has seen. */
export async function changeRunDefinition(
  tx: Db,
  definition: RunDefinition,
  version: number,
  by: string,
): Promise<Changed<StoredRunDefinition>> {
  const { name } = definition;
  const [row] = await tx.all<RunDefinitionRow>(
    `SELECT * FROM run_definitions WHERE name = ? ${tx.dialect.forUpdate}`,
    [name],
  );
  if (row === undefined) return { kind: "missing" };
  const stored = runDefinitionOf(row);
  if (stored.definedInFile) return { kind: "in_file" };
  if (stored.version !== version) return { kind: "other_version", version: stored.version };
  await updateRunDefinition(tx, definition, { kind: "call", by });
  const value = await getRunDefinition(tx, name);
  return value === undefined ? { kind: "missing" } : { kind: "stored", value };
}
