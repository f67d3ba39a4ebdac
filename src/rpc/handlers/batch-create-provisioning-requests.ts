import type { Acceptor } from "../../accept/acceptor.js";
import { batchSize } from "../../calls/fields/batch-size.js";
import { validate } from "../../calls/fields/violations.js";
import { toServiceError } from "../../calls/to-service-error.js";
import type {
  BatchCreateProvisioningRequestsRequest,
  BatchCreateProvisioningRequestsResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { CreateWithPin } from "../../requests/create-request.js";
import { ServiceError } from "../../requests/service-error.js";
import { batchFailure, batchResult } from "../messages/batch-result.js";
import type { UnaryHandler } from "../unary.js";
import { readBatchItem } from "../validation/batch-item.js";

/** BatchCreateProvisioningRequests: a fault of an item is the result of that one, not of the call. */
export function batchCreateProvisioningRequests(deps: {
  readonly acceptor: Pick<Acceptor, "acceptMany">;
}): UnaryHandler<BatchCreateProvisioningRequestsRequest, BatchCreateProvisioningRequestsResponse> {
  return async (call, { items }) => {
    validate((violations) => batchSize(violations, "items", items));
    const now = call.clock.now();
    const sound: CreateWithPin[] = [];
    const faults = items.map((item) => {
      try {
        sound.push(readBatchItem(item, call.principal.name, now));
        return undefined;
      } catch (error) {
        if (error instanceof ServiceError) return error;
        throw error;
      }
    });
    const accepted = (await deps.acceptor.acceptMany(sound, call)).values();
    return {
      results: faults.map((fault) => {
        if (fault !== undefined) return batchFailure(fault);
        const { value } = accepted.next();
        if (value === undefined) throw new Error("an item of a batch without a result");
        return value.status === "fulfilled"
          ? batchResult(value.value)
          : batchFailure(toServiceError(value.reason));
      }),
    };
  };
}
