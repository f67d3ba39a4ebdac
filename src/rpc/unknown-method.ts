import type { handleUnaryCall, Server } from "@grpc/grpc-js";
import { ServiceError } from "../requests/service-error.js";
import { grpcStatus } from "./status.js";

/** How grpc-js finds what to call for a path. */
interface HandlerLookup {
  _retrieveHandler?: (path: string) => object | null;
}

const unknownMethod = {
  type: "bidi",
  path: "",
  serialize: (bytes: Buffer) => bytes,
  deserialize: (bytes: Buffer) => bytes,
  // A bidirectional stream, since such a handler is called before any message arrives.
  func: (call: Parameters<handleUnaryCall<Buffer, Buffer>>[0]) => {
    call.emit("error", grpcStatus(ServiceError.of("METHOD_NOT_FOUND")));
  },
};

/**
 * Has calls of unknown methods answered with our details. grpc-js has no hook for them, so its
 * look-up is replaced; were it renamed, callers would get a plain UNIMPLEMENTED again.
 */
export function answerUnknownMethods(server: Server): void {
  const lookup = server as unknown as HandlerLookup;
  const retrieve = lookup._retrieveHandler?.bind(server);
  if (retrieve === undefined) return;
  lookup._retrieveHandler = (path) => retrieve(path) ?? unknownMethod;
}
