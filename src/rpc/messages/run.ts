import {
  type Run as Message,
  Run_State as StateMessage,
  Run_Trigger as TriggerMessage,
} from "../../gen/provisioning/v1/run.js";
import type { Run } from "../../store/run-store.js";
import { timestampOf } from "./timestamp.js";

const TRIGGERS: Readonly<Record<Run["trigger"], TriggerMessage>> = {
  SCHEDULE: TriggerMessage.TRIGGER_SCHEDULE,
  MANUAL: TriggerMessage.TRIGGER_MANUAL,
  WAKE: TriggerMessage.TRIGGER_WAKE,
};

const STATES: Readonly<Record<Run["state"], StateMessage>> = {
  ACTIVE: StateMessage.STATE_ACTIVE,
  COMPLETED: StateMessage.STATE_COMPLETED,
  FAILED: StateMessage.STATE_FAILED,
  INTERRUPTED: StateMessage.STATE_INTERRUPTED,
};

/** A run as it goes over the wire. */
export function runMessage(run: Run): Message {
  return {
    id: run.id,
    runDefinition: run.definition,
    runDefinitionVersion: run.definitionVersion,
    trigger: TRIGGERS[run.trigger],
    state: STATES[run.state],
    startDate: timestampOf(run.startDate),
    endDate: timestampOf(run.endDate),
    selected: BigInt(run.selected),
    completed: BigInt(run.completed),
    rejected: BigInt(run.rejected),
    deferred: BigInt(run.deferred),
  };
}
