import { requiredIdentifier } from "../../calls/fields/identifier.js";
import { optionalText } from "../../calls/fields/text.js";
import { validate } from "../../calls/fields/violations.js";
import type { Provider_LifeCycleState as ProviderState } from "../../gen/provisioning/v1/provider.js";
import type { RunDefinition_LifeCycleState as DefinitionState } from "../../gen/provisioning/v1/run_definition.js";
import type { StateChange } from "../../providers/configured-change.js";
import type { CallContext } from "../call-context.js";
import { EFFECTIVENESS_OF } from "../messages/effectiveness.js";
import { enumValue } from "./enum-value.js";
import { optionalVersion } from "./version.js";

/** A wish to set the life cycle state of a provider or a run definition; both have one form. */
interface LifeCycleWish {
  readonly name: string;
  readonly lifeCycleState: ProviderState | DefinitionState;
  readonly reason: string;
  readonly version: bigint;
}

export function lifeCycleChange(
  { principal }: CallContext,
  wish: LifeCycleWish,
): StateChange & { readonly name: string } {
  return validate((violations) => ({
    name: requiredIdentifier(violations, "name", wish.name),
    state: enumValue(
      violations,
      "life_cycle_state",
      wish.lifeCycleState,
      EFFECTIVENESS_OF,
      "NOT_EFFECTIVE",
    ),
    reason: optionalText(violations, "reason", wish.reason),
    version: optionalVersion(violations, "version", wish.version),
    by: principal.name,
  }));
}
