import type { Metadata, StatusObject } from "@grpc/grpc-js";
import { NOBODY, type Principal } from "../auth/principal.js";
import { WatchedCall } from "../calls/watched-call.js";
import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import type { CallContext } from "./call-context.js";
import type { Edge } from "./edge.js";
import { peerOf } from "./peer.js";

/** grpc-js fires its deadline timer a little early at times. */
const TIMER_SLACK_MS = 10;

/** What grpc-js tells of a call of any kind. */
interface GrpcCall {
  getPeer(): string;
  getDeadline(): Date | number;
}

/**
 * A call that is answered with one message, while it is in flight: the context of its handler, and
 * the way its answer takes.
 *
 * No timer of its own: grpc-js keeps one for each call with a deadline and reports its end, like
 * any other end of a call, as cancelled.
 */
export abstract class ActiveCall<Response> extends WatchedCall implements CallContext {
  principal: Principal = NOBODY;
  /** When its answering began, by the monotonic clock. */
  started = 0;
  readonly method: string;
  readonly edge: Edge;
  readonly #call: GrpcCall;

  constructor(edge: Edge, method: string, call: GrpcCall) {
    super(edge.gate);
    this.edge = edge;
    this.method = method;
    this.#call = call;
  }

  abstract get metadata(): Metadata;

  /** Whether grpc-js has reported it to be cancelled. */
  protected abstract get isCancelled(): boolean;

  /** Reads the message, or fails with MALFORMED_MESSAGE, and has it handled. */
  abstract handle(): Promise<Response>;

  /** Ends the call with a response; with nothing done, throws if that cannot be written. */
  abstract respond(response: Response): void;

  abstract fail(status: StatusObject): void;

  get clock(): Clock {
    return this.edge.clock;
  }

  get deadline(): number | undefined {
    const deadline = Number(this.#call.getDeadline());
    return Number.isFinite(deadline) ? deadline : undefined;
  }

  get cancelled(): ServiceError | undefined {
    return this.isCancelled ? this.#whyCancelled() : undefined;
  }

  get peer(): string {
    return peerOf(this.#call);
  }

  #whyCancelled(): ServiceError {
    const { deadline } = this;
    const passed = deadline !== undefined && this.clock.now() >= deadline - TIMER_SLACK_MS;
    return ServiceError.of(passed ? "DEADLINE_EXCEEDED" : "CALL_CANCELLED");
  }
}
