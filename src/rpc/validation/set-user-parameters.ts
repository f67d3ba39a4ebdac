import type { SetUserParametersRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import { onlyDigits } from "../../requests/pin-rule.js";
import { type ReadCommand, readCreate } from "./create.js";
import { requiredPin } from "./pin.js";
import { requiredOneof } from "./required-oneof.js";
import type { Violations } from "./violations.js";

export const readSetUserParameters: ReadCommand<SetUserParametersRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const { pinOperation, pin } = readPin(violations, message);
  const command = { type: "SET_USER_PARAMETERS", pinOperation } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin };
};

function readPin(
  violations: Violations,
  message: SetUserParametersRequest,
): { pinOperation: "RESET" | "SET"; pin: string | undefined } {
  const given = requiredOneof(violations, "pin", ["reset_pin", "new_pin"], message.pin);
  switch (given?.$case) {
    case undefined:
      return { pinOperation: "RESET", pin: undefined };
    case "resetPin":
      if (!given.value) violations.add("reset_pin", "must be true; to set a PIN give new_pin");
      return { pinOperation: "RESET", pin: undefined };
    case "newPin": {
      const pin = requiredPin(violations, "new_pin", given.value, onlyDigits);
      return { pinOperation: "SET", pin };
    }
  }
}
