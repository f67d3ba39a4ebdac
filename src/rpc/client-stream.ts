import { setImmediate as nextTurn } from "node:timers/promises";
import type {
  handleClientStreamingCall,
  Metadata,
  ServerReadableStream,
  StatusObject,
  sendUnaryData,
} from "@grpc/grpc-js";
import { ActiveCall } from "./active-call.js";
import { answerCall, type Method } from "./answer-call.js";
import type { CallContext } from "./call-context.js";
import { decodeRequest } from "./decode-request.js";
import type { Edge } from "./edge.js";

/** Answers a call that brings any number of requests with one response. */
export type ClientStreamHandler<Request, Response> = (
  call: CallContext,
  requests: AsyncIterable<Request>,
) => Promise<Response>;

/**
 * Makes a handler one of grpc-js. Requests are read as the handler asks for them: grpc-js holds 16
 * in store at most, as bytes, and then lets the caller wait.
 */
export function clientStream<Request, Response>(
  edge: Edge,
  method: Method<Request, Response>,
  handler: ClientStreamHandler<Request, Response>,
): handleClientStreamingCall<Buffer, Buffer> {
  return (call, callback) => {
    answerCall(new StreamedCall(edge, method, handler, call, callback));
  };
}

class StreamedCall<Request, Response> extends ActiveCall<Response> {
  readonly #method: Method<Request, Response>;
  readonly #handler: ClientStreamHandler<Request, Response>;
  readonly #call: ServerReadableStream<Buffer, Buffer>;
  readonly #callback: sendUnaryData<Buffer>;

  constructor(
    edge: Edge,
    method: Method<Request, Response>,
    handler: ClientStreamHandler<Request, Response>,
    call: ServerReadableStream<Buffer, Buffer>,
    callback: sendUnaryData<Buffer>,
  ) {
    super(edge, method.path, call);
    this.#method = method;
    this.#handler = handler;
    this.#call = call;
    this.#callback = callback;
  }

  get metadata(): Metadata {
    return this.#call.metadata;
  }

  protected get isCancelled(): boolean {
    return this.#call.cancelled;
  }

  protected watch(look: () => void): () => void {
    this.#call.on("cancelled", look);
    return () => this.#call.off("cancelled", look);
  }

  handle(): Promise<Response> {
    return this.#handler(this, requestsOf(this.#call, this.#method, this.signal));
  }

  respond(response: Response): void {
    this.#callback(null, this.#method.responseSerialize(response));
  }

  fail(status: StatusObject): void {
    this.#callback(status);
  }
}

/**
 * The requests of a call until its end; fails when the signal is aborted before that.
 *
 * A call that the caller cancels ends for grpc-js like one that is complete, and is reported as
 * cancelled some ticks after that: only what is not by the next turn was complete.
 */
async function* requestsOf<Request, Response>(
  call: ServerReadableStream<Buffer, Buffer>,
  method: Method<Request, Response>,
  signal: AbortSignal,
): AsyncGenerator<Request, void, undefined> {
  const abandon = () => call.destroy();
  signal.addEventListener("abort", abandon, { once: true });
  try {
    signal.throwIfAborted();
    for await (const bytes of call) yield decodeRequest(method.requestDeserialize, bytes);
    await nextTurn();
    signal.throwIfAborted();
  } catch (error) {
    // A destroyed stream fails with a premature close, which says nothing about why.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abandon);
  }
}
