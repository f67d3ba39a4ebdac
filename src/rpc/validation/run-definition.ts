import { requiredIdentifier } from "../../calls/fields/identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { RunDefinition as RunDefinitionMessage } from "../../gen/provisioning/v1/run_definition.js";
import type {
  CreateRunDefinitionRequest,
  UpdateRunDefinitionRequest,
} from "../../gen/provisioning/v1/run_service.js";
import type { RunDefinition } from "../../providers/run-definition.js";
import { EFFECTIVENESS_OF } from "../messages/effectiveness.js";
import { enumValue } from "./enum-value.js";
import { readUpdateMask } from "./update-mask.js";
import { requiredVersion } from "./version.js";

const STATES = { ...EFFECTIVENESS_OF, LIFE_CYCLE_STATE_UNSPECIFIED: "EFFECTIVE" } as const;

/** The definition that a create asks for; undefined without one. Its fields are not judged here. */
export function readNewRunDefinition(
  violations: Violations,
  { runDefinition: given }: CreateRunDefinitionRequest,
): RunDefinition | undefined {
  if (given === undefined) {
    violations.add("run_definition", "is mandatory");
    return undefined;
  }
  const within = violations.within("run_definition");
  return {
    ...readParts(given),
    name: given.name,
    lifeCycleState: enumValue(
      within,
      "life_cycle_state",
      given.lifeCycleState,
      STATES,
      "EFFECTIVE",
    ),
  };
}

/** What can be changed of a run definition. */
type Parts = Pick<RunDefinition, "cron" | "timeZone" | "providers" | "wake">;

export interface RunDefinitionUpdate {
  readonly name: string;
  readonly version: number;
  readonly change: Partial<Parts>;
}

/** What an update asks for; its values are not judged here. */
export function readRunDefinitionUpdate(
  violations: Violations,
  { runDefinition: given, updateMask }: UpdateRunDefinitionRequest,
): RunDefinitionUpdate {
  if (given === undefined) {
    violations.add("run_definition", "is mandatory");
    return { name: "", version: 0, change: {} };
  }
  const within = violations.within("run_definition");
  const { cron, timeZone, providers, wake } = readParts(given);
  let change: Partial<Parts> = {};
  readUpdateMask(violations, updateMask, "cron, time_zone, providers, wake", (path) => {
    switch (path) {
      case "cron":
        change = { ...change, cron };
        return true;
      case "time_zone":
        change = { ...change, timeZone };
        return true;
      case "providers":
        change = { ...change, providers };
        return true;
      case "wake":
        change = { ...change, wake };
        return true;
      default:
        return false;
    }
  });
  return {
    name: requiredIdentifier(within, "name", given.name),
    version: requiredVersion(within, "version", given.version),
    change,
  };
}

function readParts({ cron, timeZone, providers, wake }: RunDefinitionMessage): Parts {
  return { cron, timeZone: timeZone === "" ? "UTC" : timeZone, providers, wake: wake ?? true };
}
