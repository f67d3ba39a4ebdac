import { z } from "zod";
import { oneOf } from "../../calls/fields/one-of.js";
import { REQUEST_MEMBERS, requestIdentifier } from "../../calls/fields/request-identifier.js";
import { type Violations, validate } from "../../calls/fields/violations.js";
import { getProvisioningRequest } from "../../calls/get-provisioning-request.js";
import type { RequestIdentifier } from "../../store/request-store.js";
import { endpoint } from "../endpoint.js";
import { requestObject } from "../messages/provisioning-request.js";
import { chosenFields, chosenSchema, fieldsSetParameter } from "./chosen-fields.js";
import { optional, textParameter } from "./parameters.js";

export const showProvisioningRequest = endpoint({
  method: "GET",
  path: "/provisioning/provisioning_requests/show",
  summary: "Show a provisioning request",
  description: "By exactly one of id and number; with the wire texts.",
  authenticated: true,
  parameters: z.strictObject({
    id: textParameter("Id of the request."),
    number: optional(z.int()).describe("Number of the request."),
    fields_set: fieldsSetParameter,
  }),
  data: chosenSchema,
  async answer({ create: { store } }, { zone }, parameters) {
    const identifier = validate((violations) => readRequestIdentifier(violations, parameters));
    const request = await getProvisioningRequest(store, identifier);
    return JSON.stringify(chosenFields(requestObject(request, zone), parameters.fields_set));
  },
});

/** The one name that a request was given; what none, or both, is recorded. */
export function readRequestIdentifier(
  violations: Violations,
  { id, number }: { id?: string | null | undefined; number?: number | null | undefined },
): RequestIdentifier {
  const byId = typeof id === "string";
  const byNumber = typeof number === "number";
  if (byId && byNumber) violations.add("number", "excludes id: exactly one may be given");
  if (byId) return requestIdentifier(violations, { by: "id", value: id });
  if (byNumber) return requestIdentifier(violations, { by: "number", value: number });
  violations.add("id", oneOf(REQUEST_MEMBERS));
  return { by: "number", value: 0 };
}
