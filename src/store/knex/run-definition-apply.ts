import { DEFAULT_RUN_DEFINITION, type RunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { releaseLeftOut } from "./left-out-of-file.js";
import { insertRunDefinition, updateRunDefinition } from "./run-definition-write.js";

/** Makes the run definitions what the file says, in the order of names; adds the default one. */
export async function applyRunDefinitions(
  tx: Db,
  definitions: readonly RunDefinition[],
): Promise<void> {
  const ordered = definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const definition of ordered) {
    await insertRunDefinition(tx, definition, { kind: "file" });
    await updateRunDefinition(tx, definition, { kind: "file" });
  }
  await releaseLeftOut(
    tx,
    "run_definitions",
    ordered.map(({ name }) => name),
  );
  await addDefaultRunDefinition(tx);
}

/** Adds the default run definition unless there is one of its name. */
export async function addDefaultRunDefinition(tx: Db): Promise<void> {
  await insertRunDefinition(tx, DEFAULT_RUN_DEFINITION, { kind: "service" });
}
