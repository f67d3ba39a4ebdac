import { type CreateDeps, createAndWait } from "../../accept/create-and-wait.js";
import type { ReauthoriseAllServicesResponse } from "../../gen/provisioning/v1/provisioning_service.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import type { ReadCommand } from "../validation/create.js";
import { validate } from "../validation/violations.js";

/** What every create answers, whatever its command. */
export type CreateResponse = ReauthoriseAllServicesResponse;

/** The handler of a command's own rpc, which differs from the others in how it is read. */
export function createHandler<Message>(
  deps: CreateDeps,
  read: ReadCommand<Message>,
): UnaryHandler<Message, CreateResponse> {
  return async (call, message) => {
    const now = call.clock.now();
    const { create, pin } = validate((violations) =>
      read(violations, message, call.principal.name, now),
    );
    const { request, replayed } = await createAndWait(deps, create, pin, call);
    return { provisioningRequest: provisioningRequestMessage(request), replayed };
  };
}
