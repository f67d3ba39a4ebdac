import { type PinChange, pinChange } from "../../calls/fields/pin-change.js";
import type { SetUserParametersRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import { type ReadCommand, readCreate } from "./create.js";

export const readSetUserParameters: ReadCommand<SetUserParametersRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const { command, pin } = pinChange(violations, changeIn(message));
  return { create: readCreate(violations, message, command, createdBy, now), pin };
};

function changeIn({ pin }: SetUserParametersRequest): PinChange | undefined {
  switch (pin?.$case) {
    case undefined:
      return undefined;
    case "resetPin":
      return { kind: "reset", wanted: pin.value };
    case "newPin":
      return { kind: "set", newPin: pin.value };
  }
}
