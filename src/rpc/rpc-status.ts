import { errorMessage } from "../calls/error-text.js";
import type { Status } from "../gen/google/rpc/status.js";
import type { ServiceError } from "../requests/service-error.js";
import { errorDetails } from "./error-details.js";
import { type ErrorLimits, ITEM_ERROR_LIMITS } from "./error-limits.js";
import { STATUS_CODES } from "./status-code.js";

/** An error as a `google.rpc.Status`; by default as small as the result of one item must be. */
export function rpcStatus(error: ServiceError, limits: ErrorLimits = ITEM_ERROR_LIMITS): Status {
  const message = errorMessage(error, {
    faults: limits.faults,
    maxBytes: limits.messageBytes,
  });
  return {
    code: STATUS_CODES[error.status],
    message,
    details: errorDetails(error, {
      faults: limits.faults,
      maxBytes: limits.statusBytes - Buffer.byteLength(message) - 16,
    }),
  };
}
