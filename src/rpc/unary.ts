import {
  Metadata,
  type ServerInterceptingCallInterface,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { ActiveCall } from "./active-call.js";
import { answerCall, type Method } from "./answer-call.js";
import type { CallContext } from "./call-context.js";
import { decodeRequest } from "./decode-request.js";
import type { Edge } from "./edge.js";

/**
 * Answers a call with one request and one response; what it throws, at once or later, becomes the
 * call's status.
 */
export type UnaryHandler<Request, Response> = (
  call: CallContext,
  request: Request,
) => Promise<Response>;

/** How grpc-js tells what comes in of a call. */
export type CallListener = Parameters<ServerInterceptingCallInterface["start"]>[0];

/** An empty message is another object. */
const NONE: Buffer = Buffer.alloc(0);
/** The same for all: grpc-js would make one for each. */
const NO_METADATA = new Metadata();
const OK = { code: status.OK, details: "OK", metadata: null };

/**
 * One call, as grpc-js reports it: metadata, one message, the end of what the caller says. It is
 * answered then, and not before: a caller that sends more or less than one message is told so.
 */
export class UnaryCall<Request, Response> extends ActiveCall<Response> implements CallListener {
  metadata!: Metadata;
  readonly #method: Method<Request, Response>;
  readonly #handler: UnaryHandler<Request, Response>;
  readonly #call: ServerInterceptingCallInterface;
  #message = NONE;
  #isCancelled = false;
  #look: () => void = nothing;

  constructor(
    edge: Edge,
    method: Method<Request, Response>,
    handler: UnaryHandler<Request, Response>,
    call: ServerInterceptingCallInterface,
  ) {
    super(edge, method.path, call);
    this.#method = method;
    this.#handler = handler;
    this.#call = call;
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.metadata = metadata;
    this.#call.startRead();
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#message !== NONE) {
      this.#refuse("more than one message");
      return;
    }
    this.#message = message;
    this.#call.startRead();
  }

  onReceiveHalfClose(): void {
    if (this.#message === NONE) this.#refuse("no message");
    else answerCall(this);
  }

  onCancel(): void {
    this.#isCancelled = true;
    this.#look();
  }

  protected get isCancelled(): boolean {
    return this.#isCancelled;
  }

  protected watch(look: () => void): () => void {
    this.#look = look;
    return () => {
      this.#look = nothing;
    };
  }

  handle(): Promise<Response> {
    const request = decodeRequest(this.#method.requestDeserialize, this.#message);
    // Not kept while it is handled.
    this.#message = NONE;
    return this.#handler(this, request);
  }

  /** The status is given with the message: grpc-js's own handling waits until that has left. */
  respond(response: Response): void {
    const bytes = this.#method.responseSerialize(response);
    this.#call.sendMetadata(NO_METADATA);
    this.#call.sendMessage(bytes, nothing);
    this.#call.sendStatus(OK);
  }

  fail(status: StatusObject): void {
    this.#call.sendStatus(status);
  }

  /** In gRPC that is UNIMPLEMENTED: as if the method were one of another kind. */
  #refuse(what: string): void {
    const details = `${what} in a call of a method that takes one`;
    this.#call.sendStatus({ code: status.UNIMPLEMENTED, details, metadata: null });
    this.edge.log.refused(this, "UNIMPLEMENTED", details);
  }
}

function nothing(): void {}
