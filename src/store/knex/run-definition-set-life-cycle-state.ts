import type { Effectiveness } from "../../providers/effectiveness.js";
import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { getRunDefinition } from "./run-definition-get.js";

/** Sets the state, if it is another one; the definition as it then is. */
export async function setRunDefinitionLifeCycleState(
  tx: Db,
  name: string,
  state: Effectiveness,
): Promise<StoredRunDefinition | undefined> {
  await tx.all(
    `UPDATE run_definitions
     SET life_cycle_state = ?, version = version + 1, updated_date = $now
     WHERE name = ? AND life_cycle_state <> ?`,
    [state, name, state],
  );
  return getRunDefinition(tx, name);
}
