import type { MethodDefinition } from "@grpc/grpc-js";
import type { Principal } from "../auth/principal.js";
import { toServiceError } from "../calls/to-service-error.js";
import type { ServiceError } from "../requests/service-error.js";
import type { ActiveCall } from "./active-call.js";
import { PUBLIC_METHODS } from "./authenticate.js";
import { grpcStatus } from "./status.js";

/** What the edge needs to know of a method. */
export type Method<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  "path" | "requestDeserialize" | "responseSerialize"
>;

/**
 * Has a call handled and answers it with the result or with what was thrown. In this order: room
 * (OVERLOADED, STOPPING), token, and then the message. Never fails itself.
 *
 * With callbacks, not with `await`: thousands of calls wait here at once, and what an async
 * function keeps meanwhile (1.3 KB) is copied whenever young objects are collected.
 */
export function answerCall<Response>(call: ActiveCall<Response>): void {
  call.started = call.clock.monotonic();
  try {
    call.edge.gate.enter();
  } catch (refusal) {
    log(call, fail(call, refusal));
    return;
  }
  handle(call).then(
    (response) => end(call, respond(call, response)),
    (thrown: unknown) => end(call, fail(call, thrown)),
  );
}

/** What became of it: the answer to a call that had ended before went nowhere. */
function respond<Response>(call: ActiveCall<Response>, response: Response) {
  try {
    call.respond(response);
    return call.cancelled;
  } catch (thrown) {
    return fail(call, thrown);
  }
}

function fail(call: ActiveCall<unknown>, thrown: unknown): ServiceError {
  const error = toServiceError(thrown, call.aborted);
  call.fail(grpcStatus(error));
  return error;
}

function end(call: ActiveCall<unknown>, error: ServiceError | undefined): void {
  call.close();
  call.edge.gate.leave();
  log(call, error);
}

function log(call: ActiveCall<unknown>, error: ServiceError | undefined): void {
  call.edge.log.ended(call, call.clock.monotonic() - call.started, error);
}

/** What its handler makes of a call whose token is good and whose caller is still there. */
function handle<Response>(call: ActiveCall<Response>): Promise<Response> {
  try {
    if (PUBLIC_METHODS.has(call.method)) return handleFor(call, call.principal);
    const principal = call.edge.authenticate(call.metadata);
    // A token is known mostly: the call then goes on at once.
    if (!(principal instanceof Promise)) return handleFor(call, principal);
    return principal.then((known) => handleFor(call, known));
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

function handleFor<Response>(call: ActiveCall<Response>, principal: Principal): Promise<Response> {
  call.principal = principal;
  const { cancelled } = call;
  // Nothing is begun for a caller that is gone.
  return cancelled === undefined ? call.handle() : Promise.reject(cancelled);
}
