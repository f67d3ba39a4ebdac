import { validate } from "../../calls/fields/violations.js";
import { getProvisioningRequest as get } from "../../calls/get-provisioning-request.js";
import type {
  GetProvisioningRequestRequest,
  GetProvisioningRequestResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { RequestStore } from "../../store/request-store.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { requiredRequestIdentifier } from "../validation/request-identifier.js";

export function getProvisioningRequest(
  store: RequestStore,
): UnaryHandler<GetProvisioningRequestRequest, GetProvisioningRequestResponse> {
  return async (_call, message) => {
    const identifier = validate((violations) => requiredRequestIdentifier(violations, message));
    return { provisioningRequest: provisioningRequestMessage(await get(store, identifier)) };
  };
}
