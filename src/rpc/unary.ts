import type { handleUnaryCall } from "@grpc/grpc-js";
import { answerCall, type Method } from "./answer-call.js";
import type { CallContext } from "./call-context.js";
import { decodeRequest } from "./decode-request.js";
import type { Edge } from "./edge.js";

/** Answers a call with one request and one response; what it throws becomes the call's status. */
export type UnaryHandler<Request, Response> = (
  call: CallContext,
  request: Request,
) => Promise<Response>;

/** Makes a handler one of grpc-js, for a method that is registered with bytes in and bytes out. */
export function unary<Request, Response>(
  edge: Edge,
  method: Method<Request, Response>,
  handler: UnaryHandler<Request, Response>,
): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    void answerCall(edge, method, call, callback, (context) =>
      handler(context, decodeRequest(method.requestDeserialize, call.request)),
    );
  };
}
