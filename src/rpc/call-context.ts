import type { Metadata, ServerReadableStream, ServerUnaryCall } from "@grpc/grpc-js";
import { NOBODY, type Principal } from "../auth/principal.js";
import type { Call } from "../calls/call.js";
import { WatchedCall } from "../calls/watched-call.js";
import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import type { Edge } from "./edge.js";

/** What a handler knows of the call it answers. */
export interface CallContext extends Call {
  /** Such as `/provisioning.v1.AuthService/Login`. */
  readonly method: string;
  readonly metadata: Metadata;
}

/** A call of one of the kinds that are answered with one message. */
export type GrpcCall = ServerUnaryCall<Buffer, Buffer> | ServerReadableStream<Buffer, Buffer>;

/** The caller's address, as long as the connection is there. */
export function peerOf(call: Pick<GrpcCall, "getPeer">): string {
  try {
    return call.getPeer();
  } catch {
    return "unknown";
  }
}

/** grpc-js fires its deadline timer a little early at times. */
const TIMER_SLACK_MS = 10;

/**
 * The context of a call while it is in flight.
 *
 * No timer of its own: grpc-js keeps one for each call with a deadline and reports its end, like
 * any other end of a call, as `cancelled`.
 */
export class ActiveCall extends WatchedCall implements CallContext {
  principal: Principal = NOBODY;
  readonly method: string;
  readonly #call: GrpcCall;
  readonly #edge: Edge;

  constructor(method: string, call: GrpcCall, edge: Edge) {
    super(edge.gate);
    this.method = method;
    this.#call = call;
    this.#edge = edge;
  }

  get metadata(): Metadata {
    return this.#call.metadata;
  }

  get clock(): Clock {
    return this.#edge.clock;
  }

  get deadline(): number | undefined {
    const deadline = Number(this.#call.getDeadline());
    return Number.isFinite(deadline) ? deadline : undefined;
  }

  get cancelled(): ServiceError | undefined {
    return this.#call.cancelled ? this.#whyCancelled() : undefined;
  }

  get peer(): string {
    return peerOf(this.#call);
  }

  protected watch(look: () => void): () => void {
    this.#call.on("cancelled", look);
    return () => this.#call.off("cancelled", look);
  }

  #whyCancelled(): ServiceError {
    const { deadline } = this;
    const passed = deadline !== undefined && this.clock.now() >= deadline - TIMER_SLACK_MS;
    return ServiceError.of(passed ? "DEADLINE_EXCEEDED" : "CALL_CANCELLED");
  }
}
