import type { RequestIdentifier } from "../../store/request-store.js";
import { requiredIdentifier } from "./identifier.js";
import type { Violations } from "./violations.js";

/** The members, of which a call gives exactly one. */
export const REQUEST_MEMBERS = ["id", "number"] as const;

/** The provisioning request that a call names, by one of its two names. */
export function requestIdentifier(
  violations: Violations,
  given: RequestIdentifier,
): RequestIdentifier {
  switch (given.by) {
    case "id":
      return {
        by: "id",
        value: requiredIdentifier(violations, "id", given.value).toLowerCase(),
      };
    case "number":
      // Numbers past 2^53 are never given; they name nothing.
      if (given.value <= 0) violations.add("number", "must be positive");
      return { by: "number", value: Math.min(given.value, Number.MAX_SAFE_INTEGER) };
  }
}
