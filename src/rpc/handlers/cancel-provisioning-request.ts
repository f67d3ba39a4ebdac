import { optionalText } from "../../calls/fields/text.js";
import { validate } from "../../calls/fields/violations.js";
import { requestNotFound } from "../../calls/get-provisioning-request.js";
import type { Dispatcher } from "../../dispatch/dispatcher.js";
import type { Settlements } from "../../dispatch/settlements.js";
import type {
  CancelProvisioningRequestRequest,
  CancelProvisioningRequestResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import { ServiceError } from "../../requests/service-error.js";
import type { RequestStore } from "../../store/request-store.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { requiredRequestIdentifier } from "../validation/request-identifier.js";

export interface CancelDeps {
  readonly store: RequestStore;
  readonly settlements: Settlements;
  readonly dispatcher: Pick<Dispatcher, "work">;
}

export function cancelProvisioningRequest(
  deps: CancelDeps,
): UnaryHandler<CancelProvisioningRequestRequest, CancelProvisioningRequestResponse> {
  const { store, settlements, dispatcher } = deps;
  return async (call, message) => {
    const { identifier, reason } = validate((violations) => ({
      identifier: requiredRequestIdentifier(violations, message),
      reason: optionalText(violations, "reason", message.reason),
    }));
    const ended = await store.cancel(identifier, call.principal.name, reason);
    if (ended.kind === "not_found") throw requestNotFound(identifier);
    if (ended.kind === "not_allowed") {
      throw ServiceError.of("STATE_NOT_ALLOWED", {
        field: identifier.by,
        description: `a provisioning request that is ${ended.state} cannot be cancelled`,
        resource: { type: "provisioning_request", name: String(identifier.value) },
      });
    }
    const request = await store.get(identifier);
    if (request === undefined) throw requestNotFound(identifier);
    if (ended.kind === "ended") {
      settlements.finished(request.number);
      // What waited behind it may be ready now.
      dispatcher.work(request.provider);
    }
    return { provisioningRequest: provisioningRequestMessage(request) };
  };
}
