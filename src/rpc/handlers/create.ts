import type { CreateDeps } from "../../accept/create-and-wait.js";
import { create } from "../../calls/create.js";
import type { ReauthoriseAllServicesResponse } from "../../gen/provisioning/v1/provisioning_service.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import type { ReadCommand } from "../validation/create.js";

/** What every create answers, whatever its command. */
export type CreateResponse = ReauthoriseAllServicesResponse;

/** The handler of a command's own rpc, which differs from the others in how it is read. */
export function createHandler<Message>(
  deps: CreateDeps,
  read: ReadCommand<Message>,
): UnaryHandler<Message, CreateResponse> {
  return async (call, message) => {
    const { request, replayed } = await create(deps, call, (violations, now) =>
      read(violations, message, call.principal.name, now),
    );
    return { provisioningRequest: provisioningRequestMessage(request), replayed };
  };
}
