import type {
  GetProvisioningRequestRequest,
  GetProvisioningRequestResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import { ServiceError } from "../../requests/service-error.js";
import type { RequestIdentifier, RequestStore } from "../../store/request-store.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { requiredRequestIdentifier } from "../validation/request-identifier.js";
import { validate } from "../validation/violations.js";

export function getProvisioningRequest(
  store: RequestStore,
): UnaryHandler<GetProvisioningRequestRequest, GetProvisioningRequestResponse> {
  return async (_call, message) => {
    const identifier = validate((violations) => requiredRequestIdentifier(violations, message));
    const request = await store.get(identifier);
    if (request === undefined) throw requestNotFound(identifier);
    return { provisioningRequest: provisioningRequestMessage(request) };
  };
}

/** What a call is told that names a provisioning request which is not there. */
export function requestNotFound({ by, value }: RequestIdentifier): ServiceError {
  return ServiceError.of("PROVISIONING_REQUEST_NOT_FOUND", {
    field: by,
    description: `no provisioning request has this ${by}`,
    resource: { type: "provisioning_request", name: String(value) },
  });
}
