import type { BatchCreateProvisioningRequestsResponse_Result as ResultMessage } from "../../gen/provisioning/v1/provisioning_service.js";
import { ServiceError } from "../../requests/service-error.js";
import type { Accepted } from "../../store/request-store.js";
import { rpcStatus } from "../rpc-status.js";
import { provisioningRequestMessage } from "./provisioning-request.js";

/** What became of one item of a batch, as it goes over the wire. */
export function batchResult(accepted: Accepted): ResultMessage {
  switch (accepted.kind) {
    case "stored":
    case "replayed": {
      const value = provisioningRequestMessage(accepted.request);
      return { outcome: { $case: "created", value } };
    }
    case "refused":
      return batchFailure(new ServiceError(accepted.faults));
  }
}

/** The same of an item that got no further than this error. */
export function batchFailure(error: ServiceError): ResultMessage {
  return { outcome: { $case: "status", value: rpcStatus(error) } };
}
