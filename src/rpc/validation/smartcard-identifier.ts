import type { SmartcardIdentifier as Message } from "../../gen/provisioning/v1/smartcard.js";
import type { SmartcardIdentifier } from "../../requests/create-request.js";
import { requiredIdentifier } from "./identifier.js";
import { requiredOneof } from "./required-oneof.js";
import type { Violations } from "./violations.js";

const FIELD = "smartcard_identifier";

const MEMBERS = {
  id: "id",
  serialNumber: "serial_number",
  alternativeCode: "alternative_code",
} as const;

/** The card that a request must name. */
export function requiredSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier {
  const given = requiredOneof(violations, FIELD, Object.values(MEMBERS), message?.identifier);
  if (given === undefined) return { by: "id", value: "" };
  const by = MEMBERS[given.$case];
  return { by, value: requiredIdentifier(violations, `${FIELD}.${by}`, given.value) };
}

/** The card that a request may name. */
export function optionalSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier | undefined {
  return message === undefined ? undefined : requiredSmartcardIdentifier(violations, message);
}
