import { z } from "zod";
import { type PinChange, pinChange } from "../../calls/fields/pin-change.js";
import type { Violations } from "../../calls/fields/violations.js";
import { endpoint } from "../endpoint.js";
import { answerCreate, CREATE_REQUIRED, createData, createShape } from "./create.js";
import { flagParameter, textParameter } from "./parameters.js";

export const setUserParameters = endpoint({
  method: "POST",
  path: "/nds/provisioning_requests/set_user_parameters",
  summary: "Set or reset the PIN of a smartcard",
  description: "Exactly one of reset_pin and new_pin. No answer and no log holds the PIN.",
  authenticated: true,
  parameters: z
    .strictObject({
      ...createShape,
      reset_pin: flagParameter("Back to the PIN that the card came with; only true makes sense."),
      new_pin: textParameter(
        "The new PIN: digits, as many as the CA system takes. A text, so that it may begin with 0.",
      ),
    })
    .meta(CREATE_REQUIRED),
  data: createData,
  answer: (deps, call, parameters) =>
    answerCreate(deps, call, parameters, (violations) =>
      pinChange(violations, changeIn(violations, parameters)),
    ),
});

function changeIn(
  violations: Violations,
  {
    reset_pin: reset,
    new_pin: newPin,
  }: { reset_pin?: boolean | null | undefined; new_pin?: string | null | undefined },
): PinChange | undefined {
  const isSet = typeof newPin === "string";
  // A client that always sends both parameters says by false that it does not want the one.
  if (isSet && reset === true) violations.add("reset_pin", "excludes new_pin");
  if (isSet) return { kind: "set", newPin };
  return typeof reset === "boolean" ? { kind: "reset", wanted: reset } : undefined;
}
