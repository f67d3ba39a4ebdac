import { Provider_LifeCycleState as ProviderState } from "../../gen/provisioning/v1/provider.js";
import { RunDefinition_LifeCycleState as DefinitionState } from "../../gen/provisioning/v1/run_definition.js";
import type { Effectiveness } from "../../providers/effectiveness.js";

export const PROVIDER_STATES = {
  EFFECTIVE: ProviderState.LIFE_CYCLE_STATE_EFFECTIVE,
  NOT_EFFECTIVE: ProviderState.LIFE_CYCLE_STATE_NOT_EFFECTIVE,
} as const satisfies Record<Effectiveness, ProviderState>;

export const RUN_DEFINITION_STATES = {
  EFFECTIVE: DefinitionState.LIFE_CYCLE_STATE_EFFECTIVE,
  NOT_EFFECTIVE: DefinitionState.LIFE_CYCLE_STATE_NOT_EFFECTIVE,
} as const satisfies Record<Effectiveness, DefinitionState>;

/** What each state means that a caller can name; both enums have the same names. */
export const EFFECTIVENESS_OF = {
  LIFE_CYCLE_STATE_EFFECTIVE: "EFFECTIVE",
  LIFE_CYCLE_STATE_NOT_EFFECTIVE: "NOT_EFFECTIVE",
} as const satisfies Partial<Record<ProviderState & DefinitionState, Effectiveness>>;
