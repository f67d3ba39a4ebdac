import type { RunDefinition as RunDefinitionMessage } from "../../gen/provisioning/v1/run_definition.js";
import type { StoredRunDefinition } from "../../providers/run-definition.js";
import { RUN_DEFINITION_STATES } from "./effectiveness.js";
import { timestampOf } from "./timestamp.js";

/** A run definition as it goes over the wire. */
export function runDefinitionMessage(definition: StoredRunDefinition): RunDefinitionMessage {
  return {
    name: definition.name,
    cron: definition.cron,
    timeZone: definition.timeZone,
    providers: [...definition.providers],
    wake: definition.wake,
    lifeCycleState: RUN_DEFINITION_STATES[definition.lifeCycleState],
    version: BigInt(definition.version),
    definedInFile: definition.definedInFile,
    lifeCycleReason: definition.lifeCycleReason ?? "",
    lastTickDate: timestampOf(definition.lastTick),
    createdDate: timestampOf(definition.createdDate),
    updatedDate: timestampOf(definition.updatedDate),
    createdBy: definition.createdBy ?? "",
    updatedBy: definition.updatedBy ?? "",
  };
}
