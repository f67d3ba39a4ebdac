import {
  DEFAULT_RUN_DEFINITION,
  type StoredRunDefinition,
} from "../../src/providers/run-definition.js";

/** As in the database that the stage sets, but for `wake`. */
export const QUIET: StoredRunDefinition = {
  ...DEFAULT_RUN_DEFINITION,
  wake: false,
  definedInFile: true,
  lifeCycleReason: undefined,
  version: 1,
  lastTick: undefined,
  createdDate: 1,
  updatedDate: 1,
  createdBy: undefined,
  updatedBy: undefined,
};
