import type { MethodDefinition, sendUnaryData } from "@grpc/grpc-js";
import { toServiceError } from "../calls/to-service-error.js";
import type { ServiceError } from "../requests/service-error.js";
import { PUBLIC_METHODS } from "./authenticate.js";
import { ActiveCall, type CallContext, type GrpcCall } from "./call-context.js";
import type { Edge } from "./edge.js";
import { grpcStatus } from "./status.js";

/** What the edge needs to know of a method. */
export type Method<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  "path" | "requestDeserialize" | "responseSerialize"
>;

/**
 * Runs `work` for a call and answers it with the result or with what it threw. In this order: room
 * (OVERLOADED, STOPPING), token, and then the message, which `work` reads. Never fails itself.
 */
export async function answerCall<Request, Response>(
  edge: Edge,
  method: Method<Request, Response>,
  call: GrpcCall,
  callback: sendUnaryData<Buffer>,
  work: (context: CallContext) => Promise<Response>,
): Promise<void> {
  const started = edge.clock.monotonic();
  const active = new ActiveCall(method.path, call, edge);
  let error: ServiceError | undefined;
  try {
    edge.gate.enter();
    try {
      if (!PUBLIC_METHODS.has(method.path)) {
        const principal = edge.authenticate(call.metadata);
        // A token is known mostly: the call then goes on at once.
        active.principal = principal instanceof Promise ? await principal : principal;
      }
      // Nothing is begun for a caller that is gone.
      const { cancelled } = active;
      if (cancelled !== undefined) throw cancelled;
      callback(null, method.responseSerialize(await work(active)));
      // The answer to a call that had ended before went nowhere.
      error = active.cancelled;
    } finally {
      active.close();
      edge.gate.leave();
    }
  } catch (thrown) {
    error = toServiceError(thrown, active.aborted);
    callback(grpcStatus(error));
  }
  edge.log.ended(active, edge.clock.monotonic() - started, error);
}
