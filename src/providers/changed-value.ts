import { ServiceError } from "../requests/service-error.js";
import type { Changed } from "./configured-change.js";

/** What is kept under names and versions, as errors call it, with the reason that it is missing. */
const MISSING = {
  provider: "PROVIDER_NOT_FOUND",
  run_definition: "RUN_DEFINITION_NOT_FOUND",
} as const;
export type Configured = keyof typeof MISSING;

/** The value after a change; throws what hindered it. `field` is where the call names it. */
export function changedValue<T>(
  changed: Changed<T>,
  type: Configured,
  name: string,
  field: string,
): T {
  const resource = { type, name };
  switch (changed.kind) {
    case "stored":
      return changed.value;
    case "missing":
      throw missing(type, name, field);
    case "in_file":
      throw ServiceError.of("DEFINED_IN_FILE", { field, resource });
    case "other_version": {
      const description = `it was changed since it was read: its version is ${changed.version} now`;
      throw ServiceError.of("VERSION_CHANGED", { field, description, resource });
    }
  }
}

/** The error for a name that nothing has. */
export function missing(type: Configured, name: string, field: string): ServiceError {
  const description = `no ${type.replace("_", " ")} is named ${name}`;
  return ServiceError.of(MISSING[type], { field, description, resource: { type, name } });
}

/** The error for a name that something has already. */
export function nameInUse(type: Configured, name: string, field: string): ServiceError {
  const description = `there is a ${type.replace("_", " ")} of this name`;
  return ServiceError.of("VALUE_IN_USE", { field, description, resource: { type, name } });
}
