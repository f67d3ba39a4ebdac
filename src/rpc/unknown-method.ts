import type { handleUnaryCall, Server } from "@grpc/grpc-js";
import { NOBODY } from "../auth/principal.js";
import type { CallLog } from "../calls/call-log.js";
import { ServiceError } from "../requests/service-error.js";
import { peerOf } from "./peer.js";
import { grpcStatus } from "./status.js";

/** How grpc-js finds what to call for a path. */
interface HandlerLookup {
  _retrieveHandler?: (path: string) => object | null;
}

function unknownMethod(path: string, log: CallLog) {
  return {
    type: "bidi",
    path,
    serialize: (bytes: Buffer) => bytes,
    deserialize: (bytes: Buffer) => bytes,
    // A bidirectional stream, since such a handler is called before any message arrives.
    func: (call: Parameters<handleUnaryCall<Buffer, Buffer>>[0]) => {
      const error = ServiceError.of("METHOD_NOT_FOUND");
      call.emit("error", grpcStatus(error));
      log.ended({ method: path, principal: NOBODY, peer: peerOf(call) }, undefined, error);
    },
  };
}

/**
 * Has calls of unknown methods answered with our details, and logged. grpc-js has no hook for them,
 * so its look-up is replaced; were it renamed, callers would get a plain UNIMPLEMENTED again.
 */
export function answerUnknownMethods(server: Server, log: CallLog): void {
  const lookup = server as unknown as HandlerLookup;
  const retrieve = lookup._retrieveHandler?.bind(server);
  if (retrieve === undefined) return;
  lookup._retrieveHandler = (path) => retrieve(path) ?? unknownMethod(path, log);
}
