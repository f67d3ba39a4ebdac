import type { Changed, StateChange } from "../providers/configured-change.js";
import type { RunDefinition, StoredRunDefinition } from "../providers/run-definition.js";
import type { Database } from "./knex/database.js";
import { addDefaultRunDefinition, applyRunDefinitions } from "./knex/run-definition-apply.js";
import { changeRunDefinition, createRunDefinition } from "./knex/run-definition-change.js";
import { getRunDefinition } from "./knex/run-definition-get.js";
import {
  listRunDefinitions,
  pageOfRunDefinitions,
  type RunDefinitionPage,
} from "./knex/run-definition-list.js";
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
  page(page: RunDefinitionPage): Promise<StoredRunDefinition[]>;
  get(name: string): Promise<StoredRunDefinition | undefined>;
  /** Creates one by call; undefined when there is one of its name. */
  create(definition: RunDefinition, by: string): Promise<StoredRunDefinition | undefined>;
  /** Changes one by call, but for its life cycle state, if it still has this version. */
  change(
    definition: RunDefinition,
    version: number,
    by: string,
  ): Promise<Changed<StoredRunDefinition>>;
  /** Sets the life cycle state, also of what the file defines. */
  setLifeCycleState(name: string, change: StateChange): Promise<Changed<StoredRunDefinition>>;
}

/** Keeps run definitions in the database. */
export function createRunDefinitionStore(database: Database): RunDefinitionStore {
  const { reader } = database;
  return {
    applyFile: (definitions) =>
      database.write("immediate", (tx) => applyRunDefinitions(tx, definitions)),
    ensureDefault: () => database.write("immediate", (tx) => addDefaultRunDefinition(tx)),
    list: () => listRunDefinitions(reader),
    page: (page) => pageOfRunDefinitions(reader, page),
    get: (name) => getRunDefinition(reader, name),
    create: (definition, by) =>
      database.write("immediate", (tx) => createRunDefinition(tx, definition, by)),
    change: (definition, version, by) =>
      database.write("immediate", (tx) => changeRunDefinition(tx, definition, version, by)),
    setLifeCycleState: (name, change) =>
      database.write("immediate", (tx) => setRunDefinitionLifeCycleState(tx, name, change)),
  };
}
