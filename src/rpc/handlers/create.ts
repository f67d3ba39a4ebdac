import type { CreateDeps, Created } from "../../accept/create-and-wait.js";
import { create } from "../../calls/create.js";
import type { ReauthoriseAllServicesResponse } from "../../gen/provisioning/v1/provisioning_service.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import type { ReadCommand } from "../validation/create.js";

/** What every create answers, whatever its command. */
export type CreateResponse = ReauthoriseAllServicesResponse;

/**
 * The handler of a command's own rpc, which differs from the others in how it is read. It is no
 * async function, so that the message is not kept while the create is stored.
 */
export function createHandler<Message>(
  deps: CreateDeps,
  read: ReadCommand<Message>,
): UnaryHandler<Message, CreateResponse> {
  return (call, message) =>
    create(deps, call, (violations, now) =>
      read(violations, message, call.principal.name, now),
    ).then(createResponse);
}

function createResponse({ request, replayed }: Created): CreateResponse {
  return { provisioningRequest: provisioningRequestMessage(request), replayed };
}
