import { z } from "zod";
import { create } from "../../calls/create.js";
import { createRequest, type SharedFields } from "../../calls/fields/create-request.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { CreateWithPin } from "../../requests/create-request.js";
import type { RequestedCommand } from "../../requests/requested-command.js";
import { optionalDate } from "../dates/optional-date.js";
import type { WebCall } from "../endpoint.js";
import { requestObject } from "../messages/provisioning-request.js";
import { requestSchema } from "../messages/request-object.js";
import type { WebDeps } from "../web-deps.js";
import {
  dateParameter,
  flagParameter,
  onlyMember,
  optional,
  smartcardParameter,
  subscriptionParameter,
  textParameter,
} from "./parameters.js";

/** The parameters that every create has, whatever its command; the first four are the seed's. */
export const createShape = {
  subscription_identifier: subscriptionParameter,
  smartcard_identifier: smartcardParameter,
  process_immediately: flagParameter(
    "Send it during this call, which then answers what the CA system made of it. Not together with a scheduled_date in the future.",
  ),
  scheduled_date: dateParameter(
    "When it is to be processed: not before; a past one means now, as does none.",
  ),
  priority: optional(z.enum(["REGULAR", "EXPRESS"])).describe("REGULAR when not given."),
  expire_date: dateParameter("Given up then, if it has not ended."),
  request_id: textParameter(
    "A UUID that makes the call safe to repeat: the same one with the same parameters answers the stored request.",
  ),
  caller_reference: textParameter("The caller's own reference, up to 128 characters."),
  on_behalf_of: textParameter("The person behind a service account, up to 128 characters."),
  reason: textParameter("Why it is made, up to 128 characters."),
};

/** What OpenAPI says is mandatory of a create; the rules themselves are those of all edges. */
export const CREATE_REQUIRED = { required: ["subscription_identifier", "smartcard_identifier"] };

type CreateParameters = z.output<z.ZodObject<typeof createShape>>;

export const createData = requestSchema
  .extend({
    replayed: z
      .boolean()
      .describe("True when an earlier call with the same request_id had stored it."),
  })
  .describe("The request as it stands, and whether it was there before.");

/** Makes a create of the parameters; `command` reads what is the command's own. */
export async function answerCreate(
  deps: WebDeps,
  call: WebCall,
  parameters: CreateParameters,
  command: (violations: Violations) => { command: RequestedCommand; pin: string | undefined },
): Promise<string> {
  const { request, replayed } = await create(deps.create, call, (violations, now) => {
    const { command: wanted, pin } = command(violations);
    return { create: readCreate(violations, call, parameters, wanted, now), pin };
  });
  return JSON.stringify({ ...requestObject(request, call.zone), replayed });
}

function readCreate(
  violations: Violations,
  call: WebCall,
  parameters: CreateParameters,
  command: RequestedCommand,
  now: number,
): CreateWithPin["create"] {
  const { smartcard_identifier: card, process_immediately: immediately } = parameters;
  const fields = {
    ...readShared(violations, call, parameters),
    smartcard: onlyMember(violations, "smartcard_identifier", card),
    processImmediately: immediately ?? false,
  };
  return createRequest(violations, fields, command, call.principal.name, now);
}

/** What the parameters of a create that do not name its card hold. */
export function readShared(
  violations: Violations,
  { zone }: WebCall,
  parameters: Omit<CreateParameters, "smartcard_identifier" | "process_immediately">,
): Omit<SharedFields, "processImmediately"> {
  const date = (name: "scheduled_date" | "expire_date") =>
    optionalDate(violations, name, parameters[name] ?? undefined, zone);
  return {
    subscription: onlyMember(
      violations,
      "subscription_identifier",
      parameters.subscription_identifier,
    ),
    scheduledDate: date("scheduled_date"),
    priority: parameters.priority ?? "REGULAR",
    expireDate: date("expire_date"),
    requestId: parameters.request_id ?? "",
    callerReference: parameters.caller_reference ?? "",
    onBehalfOf: parameters.on_behalf_of ?? "",
    reason: parameters.reason ?? "",
  };
}
