import type { Acceptor } from "../accept/acceptor.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import type { Call } from "./call.js";
import { type SharedFields, subscriptionReset } from "./fields/create-request.js";
import { type Violations, validate } from "./fields/violations.js";

/** A re-authorisation for each card of a subscription, all stored or none. */
export async function resetSubscription(
  deps: { readonly acceptor: Pick<Acceptor, "reset"> },
  call: Call,
  read: (violations: Violations) => SharedFields,
): Promise<{ requests: readonly ProvisioningRequest[]; replayed: boolean }> {
  const now = call.clock.now();
  const reset = validate((violations) =>
    subscriptionReset(violations, read(violations), call.principal.name, now),
  );
  return deps.acceptor.reset(reset, call);
}
