import type { ProvisioningRequest } from "../../gen/provisioning/v1/provisioning_request.js";
import {
  BatchCreateProvisioningRequestsResponse as Response,
  type BatchCreateProvisioningRequestsResponse_Result as Result,
} from "../../gen/provisioning/v1/provisioning_service.js";
import { MAX_MESSAGE_BYTES } from "../server-limits.js";

/**
 * The bytes of a response: of all of it, or, where no message could hold that, of its requests
 * without what grows with their commands. What was stored must be told: a batch whose answer is
 * lost would be repeated for ever, or made again.
 */
export function fittingBatch(response: Response): Buffer {
  const whole = Response.encode(response).finish();
  if (whole.length <= MAX_MESSAGE_BYTES) return Buffer.from(whole);
  return Buffer.from(Response.encode({ results: response.results.map(shortened) }).finish());
}

function shortened({ outcome }: Result): Result {
  if (outcome?.$case !== "created") return { outcome };
  const value: ProvisioningRequest = {
    ...outcome.value,
    parameters: undefined,
    answer: undefined,
    request: "",
    response: "",
  };
  return { outcome: { $case: "created", value } };
}
