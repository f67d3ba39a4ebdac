import type { GetProvisioningRequestRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import type { RequestIdentifier } from "../../store/request-store.js";
import { requiredIdentifier } from "./identifier.js";
import { requiredOneof } from "./required-oneof.js";
import type { Violations } from "./violations.js";

/** The provisioning request that a call must name, by its id or its number. */
export function requiredRequestIdentifier(
  violations: Violations,
  message: Pick<GetProvisioningRequestRequest, "identifier">,
): RequestIdentifier {
  const given = requiredOneof(violations, "identifier", ["id", "number"], message.identifier);
  switch (given?.$case) {
    case undefined:
      return { by: "number", value: 0 };
    case "id":
      return { by: "id", value: requiredIdentifier(violations, "id", given.value).toLowerCase() };
    case "number":
      // Numbers past 2^53 are never given; they name nothing.
      if (given.value <= 0n) violations.add("number", "must be positive");
      return { by: "number", value: Math.min(Number(given.value), Number.MAX_SAFE_INTEGER) };
  }
}
