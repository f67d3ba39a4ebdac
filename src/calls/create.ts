import { type CreateDeps, type Created, createAndWait } from "../accept/create-and-wait.js";
import type { CreateWithPin } from "../requests/create-request.js";
import type { Call } from "./call.js";
import { type Violations, validate } from "./fields/violations.js";

/** Reads the fields of a create as its edge got them; `now` is the process's time. */
export type ReadCreate = (violations: Violations, now: number) => CreateWithPin;

/**
 * A create of whatever command: checked, stored, and waited for if it is to be sent at once. What
 * is wrong with its fields is thrown at once.
 */
export function create(deps: CreateDeps, call: Call, read: ReadCreate): Promise<Created> {
  const now = call.clock.now();
  const { create, pin } = validate((violations) => read(violations, now));
  return createAndWait(deps, create, pin, call);
}
