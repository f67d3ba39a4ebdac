import type { IncomingMessage, ServerResponse } from "node:http";
import { NOBODY, type Principal } from "../auth/principal.js";
import { WatchedCall } from "../calls/watched-call.js";
import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import type { TimeZone } from "../requests/time-zone.js";
import type { Edge } from "./edge.js";
import type { WebCall } from "./endpoint.js";
import { peerOf } from "./peer.js";
import { CALL_DEADLINE_MS } from "./server-limits.js";

/** The context of a call over HTTP while it is in flight. */
export class ActiveCall extends WatchedCall implements WebCall {
  principal: Principal = NOBODY;
  token: string | undefined;
  readonly deadline: number;
  /** As the log names it: never the URL, which may hold a token. */
  readonly method: string;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #edge: Edge;
  #look: () => void = () => {};
  #late = false;

  constructor(method: string, request: IncomingMessage, response: ServerResponse, edge: Edge) {
    super(edge.gate);
    this.method = method;
    this.#request = request;
    this.#response = response;
    this.#edge = edge;
    this.deadline = edge.clock.now() + CALL_DEADLINE_MS;
  }

  get clock(): Clock {
    return this.#edge.clock;
  }

  get zone(): TimeZone {
    return this.#edge.zone;
  }

  /** That the caller hung up before the answer, or that its deadline passed. */
  get cancelled(): ServiceError | undefined {
    if (this.#late) return ServiceError.of("DEADLINE_EXCEEDED");
    const { socket } = this.#request;
    const left = socket.destroyed && !this.#response.writableFinished;
    return left ? ServiceError.of("CALL_CANCELLED") : undefined;
  }

  get peer(): string {
    return peerOf(this.#request);
  }

  /** To be told when the deadline has passed. */
  expire(): void {
    this.#late = true;
    this.#look();
  }

  protected watch(look: () => void): () => void {
    this.#look = look;
    this.#response.on("close", look);
    return () => {
      this.#look = () => {};
      this.#response.off("close", look);
    };
  }
}
