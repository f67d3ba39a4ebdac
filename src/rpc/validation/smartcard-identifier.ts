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

const NAMES = Object.values(MEMBERS);

/** The members' paths: made once, not for each request that is right. */
const PATHS = {
  id: `${FIELD}.id`,
  serial_number: `${FIELD}.serial_number`,
  alternative_code: `${FIELD}.alternative_code`,
};

/** The card that a request must name. */
export function requiredSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier {
  const given = requiredOneof(violations, FIELD, NAMES, message?.identifier);
  if (given === undefined) return { by: "id", value: "" };
  const by = MEMBERS[given.$case];
  return { by, value: requiredIdentifier(violations, PATHS[by], given.value) };
}

/** The card that a request may name. */
export function optionalSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier | undefined {
  return message === undefined ? undefined : requiredSmartcardIdentifier(violations, message);
}
