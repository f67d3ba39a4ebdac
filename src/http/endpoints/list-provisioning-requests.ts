import { z } from "zod";
import { smartcardIdentifier } from "../../calls/fields/item-identifier.js";
import { pageSize } from "../../calls/fields/page-size.js";
import { subscriptionIdentifier } from "../../calls/fields/subscription-identifier.js";
import { type Violations, validate } from "../../calls/fields/violations.js";
import {
  listProvisioningRequests as list,
  requestFilter,
} from "../../calls/list-provisioning-requests.js";
import { COMMAND_TYPES, type CommandType } from "../../requests/command.js";
import { LIFE_CYCLE_STATES } from "../../requests/life-cycle.js";
import type { TimeZone } from "../../requests/time-zone.js";
import type { RequestFilter, RequestPage } from "../../store/request-store.js";
import { optionalDate } from "../dates/optional-date.js";
import { endpoint } from "../endpoint.js";
import { requestObject } from "../messages/provisioning-request.js";
import { chosenFields, chosenSchema, fieldsSetParameter, wantsWireTexts } from "./chosen-fields.js";
import { fittingTexts } from "./fitting-texts.js";
import {
  dateParameter,
  flagParameter,
  onlyMember,
  optional,
  smartcardParameter,
  subscriptionParameter,
  textParameter,
} from "./parameters.js";

/** Every skipped request is read: deeper pages are reached by narrowing the list. */
const MAX_OFFSET = 10_000;

const types = Object.keys(COMMAND_TYPES) as [CommandType, ...CommandType[]];

const shape = {
  life_cycle_states: optional(z.array(z.enum(LIFE_CYCLE_STATES)).max(20)).describe(
    "In one of these states, with commas between them.",
  ),
  types: optional(z.array(z.enum(types)).max(20)).describe(
    "Of one of these commands, with commas between them.",
  ),
  provider: textParameter("Of this provider."),
  subscription_identifier: subscriptionParameter,
  smartcard_identifier: smartcardParameter,
  process_id: textParameter("Sent by this run."),
  reference_number: textParameter("With this reference of the CA system."),
  caller_reference: textParameter("With this reference of the caller."),
  created_by: textParameter("Made by this user."),
  created_from: dateParameter("Stored then or later."),
  created_before: dateParameter("Stored before."),
  oldest_first: flagParameter("The oldest first; otherwise the newest."),
  number_of_results: optional(z.int()).describe(
    "At most so many: 50 when 0 or not given, never more than 1,000.",
  ),
  offset: optional(z.int().nonnegative().max(MAX_OFFSET)).describe(
    "So many are passed over. Narrow the list by dates to see more.",
  ),
  fields_set: fieldsSetParameter,
};

type Parameters = z.output<z.ZodObject<typeof shape>>;

export const listProvisioningRequests = endpoint({
  method: "GET",
  path: "/provisioning/provisioning_requests/list",
  summary: "List provisioning requests",
  description:
    "Those that meet every condition. The wire texts are there when fields_set names them. A page ends early rather than be larger than 3 MiB: go on at the offset of what came.",
  authenticated: true,
  parameters: z.strictObject(shape),
  data: z
    .strictObject({
      provisioning_requests: z.array(chosenSchema),
      more: z.boolean().describe("Whether there are more after these."),
    })
    .describe("A page of requests."),
  async answer({ create: { store } }, { zone }, parameters) {
    const page = validate((violations) => readPage(violations, parameters, zone));
    const { requests, more } = await list(store, page);
    const chosen = parameters.fields_set;
    const texts = fittingTexts(requests, (request) =>
      JSON.stringify(chosenFields(requestObject(request, zone), chosen)),
    );
    const left = more || texts.length < requests.length;
    return `{"provisioning_requests":[${texts.join(",")}],"more":${left}}`;
  },
});

function readPage(violations: Violations, parameters: Parameters, zone: TimeZone): RequestPage {
  return {
    filter: readFilter(violations, parameters, zone),
    limit: pageSize(violations, parameters.number_of_results ?? 0, "number_of_results"),
    after: undefined,
    skip: parameters.offset ?? 0,
    oldestFirst: parameters.oldest_first ?? false,
    full: wantsWireTexts(parameters.fields_set ?? []),
  };
}

function readFilter(violations: Violations, parameters: Parameters, zone: TimeZone): RequestFilter {
  const date = (name: "created_from" | "created_before") =>
    optionalDate(violations, name, parameters[name] ?? undefined, zone);
  const subscription = parameters.subscription_identifier;
  const smartcard = parameters.smartcard_identifier;
  return requestFilter(violations, {
    lifeCycleStates: parameters.life_cycle_states ?? [],
    types: parameters.types ?? [],
    provider: parameters.provider ?? "",
    subscription:
      subscription === null || subscription === undefined
        ? undefined
        : subscriptionIdentifier(
            violations,
            onlyMember(violations, "subscription_identifier", subscription),
          ),
    smartcard:
      smartcard === null || smartcard === undefined
        ? undefined
        : smartcardIdentifier(
            violations,
            onlyMember(violations, "smartcard_identifier", smartcard),
          ),
    processId: parameters.process_id ?? "",
    referenceNumber: parameters.reference_number ?? "",
    callerReference: parameters.caller_reference ?? "",
    createdBy: parameters.created_by ?? "",
    createdFrom: date("created_from"),
    createdBefore: date("created_before"),
  });
}
