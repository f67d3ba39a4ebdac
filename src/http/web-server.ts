import type { Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { type CallGate, stopping } from "../calls/call-gate.js";
import { CallLog } from "../calls/call-log.js";
import { type Address, formatAddress } from "../config/address.js";
import { CannotListen } from "../config/cannot-listen.js";
import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import { TimeZone } from "../requests/time-zone.js";
import { addHealth } from "./add-health.js";
import { answerCall } from "./answer-call.js";
import { answerClientErrors } from "./client-errors.js";
import type { Authenticate } from "./credentials.js";
import type { Edge } from "./edge.js";
import type { Endpoint } from "./endpoint.js";
import { ENDPOINTS } from "./endpoints/all.js";
import type { Answer } from "./envelope.js";
import { addDocumentation } from "./openapi/add-documentation.js";
import { answerRefusals, unknownPath } from "./refusals.js";
import { Refuser } from "./refuser.js";
import { sendAnswer } from "./send-answer.js";
import { HTTP_LIMITS, type HttpLimits } from "./server-limits.js";
import type { WebDeps } from "./web-deps.js";

export interface WebServerOptions {
  readonly address: Address;
  /** Before every path but those of the probes; empty, or begins with a slash and ends without. */
  readonly prefix: string;
  /** Of the dates that have no offset; a name of the IANA database. */
  readonly timeZone: string;
  /** True while calls are taken and the database answers. */
  readonly ready: () => Promise<boolean>;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A call that took this long is logged even when it went well. Default: 1,000. */
  readonly slowCallMs?: number;
  /** Those that are not as usual. */
  readonly limits?: Partial<HttpLimits>;
}

/**
 * The HTTP server: probes, the web API and its documentation.
 *
 * It listens before everything else is there and after everything else has gone, so that probes
 * always have an answer: `listen`, then `open` for calls, then `drain` of them, then `stop`.
 */
export class WebServer {
  readonly #options: WebServerOptions;
  readonly #server: FastifyInstance;
  readonly #zone: TimeZone;
  readonly #log: CallLog;
  readonly #refuser: Refuser;
  #edge: Edge | undefined;
  #state: "starting" | "open" | "draining" | "drained" = "starting";
  #inFlight = 0;
  #drained: () => void = () => undefined;
  /** The answers that are due on a connection: as long as one is, nothing else is written to it. */
  readonly #due = new WeakMap<Socket, number>();

  constructor(options: WebServerOptions) {
    const { logger, clock, slowCallMs = 1000, prefix, ready } = options;
    const limits = { ...HTTP_LIMITS, ...options.limits };
    this.#options = options;
    this.#zone = new TimeZone(options.timeZone);
    this.#log = new CallLog({ logger, clock, slowCallMs });
    const refuser = new Refuser(this.#log, clock);
    this.#refuser = refuser;
    this.#server = fastify({
      logger: false,
      bodyLimit: limits.bodyBytes,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionTimeout: limits.socketTimeoutMs,
      http: {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersTimeoutMs,
        // Missing ones are answered with the other refusals, in the envelope.
        requireHostHeader: false,
        // Node looks for what is late every half minute, if it is not told otherwise.
        connectionsCheckingInterval: 1000,
      },
      forceCloseConnections: true,
      routerOptions: {
        ignoreTrailingSlash: true,
        // Queries are read with their faults told, by `input/form-reader.ts`.
        querystringParser: () => ({}),
      },
      clientErrorHandler: answerClientErrors((socket) => this.#dueOn(socket) > 0),
      frameworkErrors: (_error, request, reply) => {
        refuser.fail(request as FastifyRequest, reply as FastifyReply, unknownPath());
      },
    });
    // What a caller expects beyond `100-continue` may be left aside; Node would answer a bare 417.
    this.#server.server.on("checkExpectation", (request, response) => {
      this.#server.server.emit("request", request, response);
    });
    this.#server.server.maxConnections = limits.connections;
    answerRefusals(this.#server, refuser);
    addHealth(this.#server, ready);
    for (const endpoint of ENDPOINTS) this.#add(prefix, endpoint);
    addDocumentation(this.#server, { prefix, endpoints: ENDPOINTS, timeZone: options.timeZone });
  }

  /** Starts to listen, for probes; resolves with `host:port`, the port being the real one. */
  async listen(): Promise<string> {
    const { host, port } = this.#options.address;
    try {
      await this.#server.listen({ host, port });
    } catch (cause) {
      const where = formatAddress({ host, port });
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CannotListen(`cannot listen for HTTP on ${where}: ${why}`, { cause });
    }
    const bound = this.#server.server.address();
    return formatAddress({ host, port: typeof bound === "object" && bound ? bound.port : port });
  }

  /** Takes calls from now on. */
  open(deps: WebDeps, authenticate: Authenticate): void {
    const { gate, clock } = this.#options;
    const send = this.#send.bind(this);
    this.#edge = { deps, authenticate, gate, clock, send, log: this.#log, zone: this.#zone };
    this.#state = "open";
  }

  /**
   * Lets go of idle connections, and of each other one with its answer; calls that come all the
   * same are answered. Resolves when none is under way, or `timeoutMs` is over; then further ones
   * are answered STOPPING. Shortly before, or when `now` aborts, those under way are told.
   */
  async drain(timeoutMs: number, now?: AbortSignal): Promise<void> {
    const disarm = this.#options.gate.stopBefore(timeoutMs, now);
    this.#state = "draining";
    this.#server.server.closeIdleConnections();
    if (this.#inFlight > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
        timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
    }
    this.#state = "drained";
    disarm();
  }

  /** Closes every connection. */
  async stop(): Promise<void> {
    await this.#server.close();
  }

  #add(prefix: string, endpoint: Endpoint): void {
    this.#server.route({
      method: endpoint.method,
      url: prefix + endpoint.path,
      // A HEAD would do what a GET does, and have no answer: what it fetched would be lost.
      exposeHeadRoute: false,
      handler: (request, reply) => {
        void this.#answer(endpoint, request, reply);
      },
    });
  }

  #send(reply: FastifyReply, answer: Answer): void {
    // Told when it is sent, not when its call came: it may have stopped in between.
    if (this.#state !== "open") reply.header("connection", "close");
    sendAnswer(reply, answer, this.#options.clock);
  }

  async #answer(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { socket } = request.raw;
    const edge = this.#edge;
    if (edge === undefined || this.#state === "drained") {
      const error =
        edge === undefined ? ServiceError.of("STARTING", {}, { retryAfterMs: 1000 }) : stopping();
      this.#refuser.fail(request, reply.header("connection", "close"), error);
      return;
    }
    this.#due.set(socket, this.#dueOn(socket) + 1);
    this.#inFlight += 1;
    await answerCall(edge, endpoint, request, reply);
    this.#inFlight -= 1;
    this.#due.set(socket, this.#dueOn(socket) - 1);
    if (this.#inFlight === 0) this.#drained();
  }

  #dueOn(socket: Socket): number {
    return this.#due.get(socket) ?? 0;
  }
}
