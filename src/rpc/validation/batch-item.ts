import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../gen/provisioning/v1/provisioning_service.js";
import type { CreateWithPin } from "../../requests/create-request.js";
import { ServiceError } from "../../requests/service-error.js";
import { readReauthoriseAllServices } from "./reauthorise-all-services.js";
import { readSetUserParameters } from "./set-user-parameters.js";
import { type Violations, validate } from "./violations.js";

/** The create of one item of a batch; fails with what is wrong with the item. */
export function readBatchItem({ command }: Item, createdBy: string, now: number): CreateWithPin {
  if (command === undefined) {
    throw ServiceError.of("INVALID_REQUEST", {
      field: "command",
      description:
        "is mandatory: give exactly one of reauthorise_all_services, set_user_parameters",
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
  command: NonNullable<Item["command"]>,
  createdBy: string,
  now: number,
): CreateWithPin {
  switch (command.$case) {
    case "reauthoriseAllServices":
      return readReauthoriseAllServices(violations, command.value, createdBy, now);
    case "setUserParameters":
      return readSetUserParameters(violations, command.value, createdBy, now);
  }
}
