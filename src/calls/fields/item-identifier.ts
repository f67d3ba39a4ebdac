import { identifierFault } from "../../inventory/identifier.js";
import type { SmartcardIdentifier } from "../../requests/create-request.js";
import type { SetTopBoxIdentifier } from "../../requests/requested-command.js";
import { oneOf } from "./one-of.js";
import type { Violations } from "./violations.js";

/** The members, of which a call gives exactly one. */
export const ITEM_MEMBERS = ["id", "serial_number", "alternative_code"] as const;

/** The members' paths: made once, not for each request that is right. */
const pathsOf = (field: string) => ({
  id: `${field}.id`,
  serial_number: `${field}.serial_number`,
  alternative_code: `${field}.alternative_code`,
});

function checker(field: string) {
  const paths = pathsOf(field);
  return (violations: Violations, given: SmartcardIdentifier | undefined): SmartcardIdentifier => {
    if (given === undefined) {
      violations.add(field, oneOf(ITEM_MEMBERS));
      return { by: "id", value: "" };
    }
    const fault = identifierFault(given.value);
    if (fault !== undefined) violations.add(paths[given.by], fault);
    return given;
  };
}

/** The card that a call must name, as its edge got it; undefined when it named none. */
export const smartcardIdentifier: (
  violations: Violations,
  given: SmartcardIdentifier | undefined,
) => SmartcardIdentifier = checker("smartcard_identifier");

/** The set-top box that a call must name, in the same way. */
export const setTopBoxIdentifier: (
  violations: Violations,
  given: SetTopBoxIdentifier | undefined,
) => SetTopBoxIdentifier = checker("set_top_box_identifier");
