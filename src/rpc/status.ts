import { Metadata, type StatusObject } from "@grpc/grpc-js";
import { Status } from "../gen/google/rpc/status.js";
import type { ServiceError } from "../requests/service-error.js";
import { CALL_ERROR_LIMITS } from "./error-limits.js";
import { rpcStatus } from "./rpc-status.js";

/** The status and trailers that end a call with an error. */
export function grpcStatus(error: ServiceError): StatusObject {
  const status = rpcStatus(error, CALL_ERROR_LIMITS);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(Status.encode(status).finish()));
  return { code: status.code, details: status.message, metadata };
}
