import { onlyDigits } from "../../requests/pin-rule.js";
import type { RequestedCommand } from "../../requests/requested-command.js";
import { oneOf } from "./one-of.js";
import { requiredPin } from "./pin.js";
import type { Violations } from "./violations.js";

/** What a call wants of a card's PIN, as its edge got it. */
export type PinChange =
  | { readonly kind: "reset"; readonly wanted: boolean }
  | { readonly kind: "set"; readonly newPin: string };

/** The command that changes a PIN, and the PIN beside it. */
export function pinChange(
  violations: Violations,
  given: PinChange | undefined,
): { command: RequestedCommand; pin: string | undefined } {
  const command = (pinOperation: "RESET" | "SET") =>
    ({ type: "SET_USER_PARAMETERS", pinOperation }) as const;
  switch (given?.kind) {
    case undefined:
      violations.add("pin", oneOf(["reset_pin", "new_pin"]));
      return { command: command("RESET"), pin: undefined };
    case "reset":
      if (!given.wanted) violations.add("reset_pin", "must be true; to set a PIN give new_pin");
      return { command: command("RESET"), pin: undefined };
    case "set": {
      const pin = requiredPin(violations, "new_pin", given.newPin, onlyDigits);
      return { command: command("SET"), pin };
    }
  }
}
