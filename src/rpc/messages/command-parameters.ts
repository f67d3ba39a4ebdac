import {
  type CommandParameters,
  CommandParameters_PinOperation as PinOperation,
} from "../../gen/provisioning/v1/command.js";
import type { Command } from "../../requests/command.js";
import { durationOf } from "./duration.js";
import { serviceMessage } from "./service.js";
import { setTopBoxMessage } from "./set-top-box.js";
import { timestampOf } from "./timestamp.js";

/** What a command was given besides the subscription and the card, as it goes over the wire. */
export function parametersMessage(command: Command): CommandParameters {
  return { command: memberOf(command) };
}

function memberOf(command: Command): NonNullable<CommandParameters["command"]> {
  switch (command.type) {
    case "REAUTHORISE_ALL_SERVICES":
      return { $case: "reauthoriseAllServices", value: {} };
    case "SET_USER_PARAMETERS": {
      const pinOperation =
        command.pinOperation === "SET"
          ? PinOperation.PIN_OPERATION_SET
          : PinOperation.PIN_OPERATION_RESET;
      return { $case: "setUserParameters", value: { pinOperation } };
    }
    case "AUTHORISE_SERVICES": {
      const services = command.services.map(serviceMessage);
      const startDate = timestampOf(command.start);
      const endDate = timestampOf(command.end);
      return { $case: "authoriseServices", value: { services, startDate, endDate } };
    }
    case "CANCEL_SERVICES":
      return { $case: "cancelServices", value: { services: command.services.map(serviceMessage) } };
    case "PAIR":
      return { $case: "pair", value: { setTopBox: setTopBoxMessage(command.setTopBox) } };
    case "UNPAIR":
      return { $case: "unpair", value: {} };
    case "SEND_MAIL":
      return { $case: "sendMail", value: { text: command.text } };
    case "SEND_ON_SCREEN_MESSAGE": {
      const duration = durationOf(command.durationSeconds);
      const repeatInterval = durationOf(command.repeatIntervalSeconds);
      return {
        $case: "sendOnScreenMessage",
        value: { text: command.text, duration, repeatInterval },
      };
    }
    case "DISPLAY_FINGERPRINT":
      return {
        $case: "displayFingerprint",
        value: { duration: durationOf(command.durationSeconds) },
      };
    case "GET_ACTIVE_SERVICES":
      return { $case: "getActiveServices", value: {} };
    case "GET_PAIRING_STATUS":
      return { $case: "getPairingStatus", value: {} };
  }
}
