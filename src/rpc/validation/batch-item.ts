import { type Violations, validate } from "../../calls/fields/violations.js";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../gen/provisioning/v1/provisioning_service.js";
import type { CreateWithPin } from "../../requests/create-request.js";
import { ServiceError } from "../../requests/service-error.js";
import {
  readDisplayFingerprint,
  readSendMail,
  readSendOnScreenMessage,
} from "./display-commands.js";
import { readGetPairingStatus, readPairDevices, readUnpairDevices } from "./pairing-commands.js";
import { readReauthoriseAllServices } from "./reauthorise-all-services.js";
import {
  readAuthoriseServices,
  readCancelServices,
  readGetActiveServices,
} from "./service-commands.js";
import { readSetUserParameters } from "./set-user-parameters.js";

type ItemCommand = NonNullable<Item["command"]>;

const NAMES: Readonly<Record<ItemCommand["$case"], string>> = {
  reauthoriseAllServices: "reauthorise_all_services",
  setUserParameters: "set_user_parameters",
  authoriseServices: "authorise_services",
  cancelServices: "cancel_services",
  pairDevices: "pair_devices",
  unpairDevices: "unpair_devices",
  sendMail: "send_mail",
  sendOnScreenMessage: "send_on_screen_message",
  displayFingerprint: "display_fingerprint",
  getActiveServices: "get_active_services",
  getPairingStatus: "get_pairing_status",
};

/** The create of one item of a batch; fails with what is wrong with the item. */
export function readBatchItem({ command }: Item, createdBy: string, now: number): CreateWithPin {
  if (command === undefined) {
    throw ServiceError.of("INVALID_REQUEST", {
      field: "command",
      description: `is mandatory: give exactly one of ${Object.values(NAMES).join(", ")}`,
    });
  }
  return validate((violations) => {
    if (command.value.processImmediately) {
      violations.add("process_immediately", "cannot be asked of an item of a batch");
    }
    return readCommand(violations, command, createdBy, now);
  });
}

function readCommand(
  violations: Violations,
  { $case, value }: ItemCommand,
  createdBy: string,
  now: number,
): CreateWithPin {
  switch ($case) {
    case "reauthoriseAllServices":
      return readReauthoriseAllServices(violations, value, createdBy, now);
    case "setUserParameters":
      return readSetUserParameters(violations, value, createdBy, now);
    case "authoriseServices":
      return readAuthoriseServices(violations, value, createdBy, now);
    case "cancelServices":
      return readCancelServices(violations, value, createdBy, now);
    case "pairDevices":
      return readPairDevices(violations, value, createdBy, now);
    case "unpairDevices":
      return readUnpairDevices(violations, value, createdBy, now);
    case "sendMail":
      return readSendMail(violations, value, createdBy, now);
    case "sendOnScreenMessage":
      return readSendOnScreenMessage(violations, value, createdBy, now);
    case "displayFingerprint":
      return readDisplayFingerprint(violations, value, createdBy, now);
    case "getActiveServices":
      return readGetActiveServices(violations, value, createdBy, now);
    case "getPairingStatus":
      return readGetPairingStatus(violations, value, createdBy, now);
  }
}
