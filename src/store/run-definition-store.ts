import type { Effectiveness } from "../providers/effectiveness.js";
import type { RunDefinition, StoredRunDefinition } from "../providers/run-definition.js";
import type { Database } from "./knex/database.js";
import { addDefaultRunDefinition, applyRunDefinitions } from "./knex/run-definition-apply.js";
import { getRunDefinition } from "./knex/run-definition-get.js";
import { listRunDefinitions } from "./knex/run-definition-list.js";
import { setRunDefinitionLifeCycleState } from "./knex/run-definition-set-life-cycle-state.js";

/** Where run definitions are kept, for all instances. */
export interface RunDefinitionStore {
  /**
   * Makes the run definitions what the configuration file says, by the rules for providers, and
   * sees to it that the default one exists.
   */
  applyFile(definitions: readonly RunDefinition[]): Promise<void>;
  /** Sees to it that the default one exists, and changes nothing else. */
  ensureDefault(): Promise<void>;
  /** All of them, by name. */
  list(): Promise<StoredRunDefinition[]>;
  get(name: string): Promise<StoredRunDefinition | undefined>;
  /** The definition as it then is; undefined when there is none of this name. */
  setLifeCycleState(name: string, state: Effectiveness): Promise<StoredRunDefinition | undefined>;
}

/** Keeps run definitions in the database. */
export function createRunDefinitionStore(database: Database): RunDefinitionStore {
  return {
    applyFile: (definitions) =>
      database.write("immediate", (tx) => applyRunDefinitions(tx, definitions)),
    ensureDefault: () => database.write("immediate", (tx) => addDefaultRunDefinition(tx)),
    list: () => listRunDefinitions(database.reader),
    get: (name) => getRunDefinition(database.reader, name),
    setLifeCycleState: (name, state) =>
      database.write("immediate", (tx) => setRunDefinitionLifeCycleState(tx, name, state)),
  };
}
