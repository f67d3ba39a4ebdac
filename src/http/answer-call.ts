import type { FastifyReply, FastifyRequest } from "fastify";
import { toServiceError } from "../calls/to-service-error.js";
import { ServiceError } from "../requests/service-error.js";
import { ActiveCall } from "./active-call.js";
import type { Edge } from "./edge.js";
import type { Endpoint } from "./endpoint.js";
import { failure, success } from "./envelope.js";
import { readInput } from "./input/call-input.js";
import { withKnownFields } from "./input/known-fields.js";
import { CALL_DEADLINE_MS } from "./server-limits.js";

/**
 * Runs an endpoint for a request and answers it with the result, with what it threw, or at its
 * deadline. In this order: room (OVERLOADED, STOPPING), token, parameters. Never fails itself.
 */
export async function answerCall(
  edge: Edge,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { clock, gate } = edge;
  const started = clock.monotonic();
  const name = `${endpoint.method} ${endpoint.path}`;
  const call = new ActiveCall(name, request.raw, reply.raw, edge);
  const end = (error: ServiceError | undefined) => {
    const told = error && withKnownFields(error, endpoint.parameters);
    edge.log.ended(call, clock.monotonic() - started, told);
  };
  let answered = false;
  const fail = (error: ServiceError) => {
    if (answered) return;
    answered = true;
    edge.send(reply, failure(error));
    end(error);
  };
  const cancelTimer = clock.setTimer(CALL_DEADLINE_MS, () => {
    call.expire();
    fail(ServiceError.of("DEADLINE_EXCEEDED"));
  });
  try {
    gate.enter();
    try {
      const data = await run(edge, endpoint, request, call);
      if (answered) return;
      answered = true;
      // The answer to a caller that has hung up goes nowhere; once it is sent that shows no more.
      const { cancelled } = call;
      edge.send(reply, success(data));
      end(cancelled);
    } finally {
      call.close();
      gate.leave();
    }
  } catch (thrown) {
    fail(toServiceError(thrown, call.aborted));
  } finally {
    cancelTimer();
  }
}

async function run(
  edge: Edge,
  endpoint: Endpoint,
  request: FastifyRequest,
  call: ActiveCall,
): Promise<string> {
  const input = readInput(endpoint, request);
  if (endpoint.authenticated) {
    call.token = input.token;
    const principal = edge.authenticate(input.token, request.headers);
    // A token is known mostly: the call then goes on at once.
    call.principal = principal instanceof Promise ? await principal : principal;
  }
  // Nothing is begun for a caller that is gone.
  const { cancelled } = call;
  if (cancelled !== undefined) throw cancelled;
  return endpoint.answer(edge.deps, call, input.parameters());
}
