import type { FastifyReply, FastifyRequest } from "fastify";
import { NOBODY } from "../auth/principal.js";
import type { CallLog, EndedCall } from "../calls/call-log.js";
import type { Clock } from "../requests/clock.js";
import type { ServiceError } from "../requests/service-error.js";
import { type Answer, failure, refusal } from "./envelope.js";
import { peerOf } from "./peer.js";
import { PROTOCOL_FAULTS, type ProtocolFault } from "./protocol-fault.js";
import { sendAnswer } from "./send-answer.js";

/** Answers what does not become a call, and has it logged as calls that failed are. */
export class Refuser {
  readonly #log: CallLog;
  readonly #clock: Clock;

  constructor(log: CallLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Refuses for a reason that calls have as well. */
  fail(request: FastifyRequest, reply: FastifyReply, error: ServiceError): void {
    this.#log.ended(asCall(request), undefined, error);
    sendAnswer(reply, failure(error), this.#clock);
  }

  /** Refuses by HTTP itself; `message` where more can be said than what the fault means. */
  refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    fault: ProtocolFault,
    headers: Answer["headers"] = {},
    message: string = PROTOCOL_FAULTS[fault].text,
  ): void {
    this.#log.refused(asCall(request), fault, message);
    sendAnswer(reply, refusal(fault, headers, message), this.#clock);
  }
}

/** The path of a request, as it was sent: never the query, which may hold a token. */
export function pathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? "").replace(/\/?(\?.*)?$/s, "");
}

function asCall(request: FastifyRequest): EndedCall {
  const method = `${request.method} ${pathOf(request)}`;
  return { method, principal: NOBODY, peer: peerOf(request.raw) };
}
