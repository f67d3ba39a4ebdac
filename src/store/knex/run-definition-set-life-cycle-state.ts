import type { Changed, StateChange } from "../../providers/configured-change.js";
import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { Db } from "./database.js";
import { setLifeCycleState } from "./life-cycle-set.js";
import { getRunDefinition } from "./run-definition-get.js";

/** Sets the state, if it is another one, whatever defines the run definition. */
export function setRunDefinitionLifeCycleState(
  tx: Db,
  name: string,
  change: StateChange,
): Promise<Changed<StoredRunDefinition>> {
  return setLifeCycleState(tx, "run_definitions", name, change, () => getRunDefinition(tx, name));
}
