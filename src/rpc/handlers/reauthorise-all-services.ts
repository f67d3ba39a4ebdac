import { type CreateDeps, createAndWait } from "../../accept/create-and-wait.js";
import type {
  ReauthoriseAllServicesRequest,
  ReauthoriseAllServicesResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { readCreate } from "../validation/create.js";
import { validate } from "../validation/violations.js";

const COMMAND = { type: "REAUTHORISE_ALL_SERVICES" } as const;

export function reauthoriseAllServices(
  deps: CreateDeps,
): UnaryHandler<ReauthoriseAllServicesRequest, ReauthoriseAllServicesResponse> {
  return async (call, message) => {
    const now = call.clock.now();
    const create = validate((violations) =>
      readCreate(violations, message, COMMAND, call.principal.name, now),
    );
    const { request, replayed } = await createAndWait(deps, create, undefined, call);
    return { provisioningRequest: provisioningRequestMessage(request), replayed };
  };
}
