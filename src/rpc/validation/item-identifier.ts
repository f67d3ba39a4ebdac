import type { SetTopBoxIdentifier as SetTopBoxMessage } from "../../gen/provisioning/v1/set_top_box.js";
import type { SmartcardIdentifier as Message } from "../../gen/provisioning/v1/smartcard.js";
import type { SmartcardIdentifier } from "../../requests/create-request.js";
import type { SetTopBoxIdentifier } from "../../requests/requested-command.js";
import { requiredIdentifier } from "./identifier.js";
import { requiredOneof } from "./required-oneof.js";
import type { Violations } from "./violations.js";

const MEMBERS = {
  id: "id",
  serialNumber: "serial_number",
  alternativeCode: "alternative_code",
} as const;

const NAMES = Object.values(MEMBERS);

/** The members' paths: made once, not for each request that is right. */
const pathsOf = (field: string) => ({
  id: `${field}.id`,
  serial_number: `${field}.serial_number`,
  alternative_code: `${field}.alternative_code`,
});

function reader(field: string) {
  const paths = pathsOf(field);
  return (
    violations: Violations,
    message: Message | SetTopBoxMessage | undefined,
  ): SmartcardIdentifier => {
    const given = requiredOneof(violations, field, NAMES, message?.identifier);
    if (given === undefined) return { by: "id", value: "" };
    const by = MEMBERS[given.$case];
    return { by, value: requiredIdentifier(violations, paths[by], given.value) };
  };
}

/** The card that a request must name. */
export const requiredSmartcardIdentifier: (
  violations: Violations,
  message: Message | undefined,
) => SmartcardIdentifier = reader("smartcard_identifier");

/** The card that a request may name. */
export function optionalSmartcardIdentifier(
  violations: Violations,
  message: Message | undefined,
): SmartcardIdentifier | undefined {
  return message === undefined ? undefined : requiredSmartcardIdentifier(violations, message);
}

/** The set-top box that a request must name. */
export const requiredSetTopBoxIdentifier: (
  violations: Violations,
  message: SetTopBoxMessage | undefined,
) => SetTopBoxIdentifier = reader("set_top_box_identifier");
