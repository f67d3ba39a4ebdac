import { setTopBoxIdentifier, smartcardIdentifier } from "../../calls/fields/item-identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { SetTopBoxIdentifier as SetTopBoxMessage } from "../../gen/provisioning/v1/set_top_box.js";
import type { SmartcardIdentifier as Message } from "../../gen/provisioning/v1/smartcard.js";
import type { SmartcardIdentifier } from "../../requests/create-request.js";
import type { SetTopBoxIdentifier } from "../../requests/requested-command.js";

const MEMBERS = {
  id: "id",
  serialNumber: "serial_number",
  alternativeCode: "alternative_code",
} as const;

/** The item that a message names, whatever it is; undefined when it names none. */
export function namedItem(
  message: Message | SetTopBoxMessage | undefined,
): SmartcardIdentifier | undefined {
  const given = message?.identifier;
  return given && { by: MEMBERS[given.$case], value: given.value };
}

/** The card that a request must name. */
export function requiredSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier {
  return smartcardIdentifier(violations, namedItem(message));
}

/** The card that a request may name. */
export function optionalSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier | undefined {
  return message === undefined ? undefined : requiredSmartcardIdentifier(violations, message);
}

/** The set-top box that a request must name. */
export function requiredSetTopBoxIdentifier(
  violations: Violations,
  message: SetTopBoxMessage | undefined,
): SetTopBoxIdentifier {
  return setTopBoxIdentifier(violations, namedItem(message));
}
