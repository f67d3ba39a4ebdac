import { oneOf } from "../../calls/fields/one-of.js";
import { REQUEST_MEMBERS, requestIdentifier } from "../../calls/fields/request-identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { GetProvisioningRequestRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import type { RequestIdentifier } from "../../store/request-store.js";

/** The provisioning request that a call must name, by its id or its number. */
export function requiredRequestIdentifier(
  violations: Violations,
  message: Pick<GetProvisioningRequestRequest, "identifier">,
): RequestIdentifier {
  const given = message.identifier;
  switch (given?.$case) {
    case undefined:
      violations.add("identifier", oneOf(REQUEST_MEMBERS));
      return { by: "number", value: 0 };
    case "id":
      return requestIdentifier(violations, { by: "id", value: given.value });
    case "number":
      return requestIdentifier(violations, { by: "number", value: Number(given.value) });
  }
}
