import { promisify } from "node:util";
import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { CallGate } from "../calls/call-gate.js";
import { CallLog } from "../calls/call-log.js";
import { formatAddress, parseAddress } from "../config/address.js";
import { CannotListen } from "../config/cannot-listen.js";
import { type Clock, systemClock } from "../requests/clock.js";
import type { Authenticate } from "./authenticate.js";
import type { Edge } from "./edge.js";
import { Health } from "./health.js";
import { releaseStreams } from "./release-streams.js";
import { MAX_CALLS_IN_FLIGHT, SERVER_OPTIONS } from "./server-limits.js";
import { bindHandlers, type Handlers } from "./service-handlers.js";
import { UnaryMethods } from "./unary-methods.js";
import { answerUnknownMethods } from "./unknown-method.js";

export interface RpcServerOptions {
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Calls in flight before further ones are answered OVERLOADED. */
  readonly maxCallsInFlight?: number;
  /** Shared with another edge, whose calls count as well; one of its own by default. */
  readonly gate?: CallGate;
  /** A call that took this long is logged even when it went well. Default: 1,000. */
  readonly slowCallMs?: number;
}

/** A service that needs no token and sees to its calls itself, such as reflection. */
export interface OpenService {
  addTo(server: Server): void;
  /** Ends its streams, when the server stops. */
  close(): void;
}

/** The gRPC server: services are added, then it listens, then it stops, once each. */
export class RpcServer {
  readonly #unary = new UnaryMethods();
  readonly #server = new Server({ ...SERVER_OPTIONS, interceptors: [this.#unary.interceptor] });
  readonly #edge: Edge;
  readonly #health = new Health();
  readonly #openServices: OpenService[] = [];
  #bound: string | undefined;

  constructor(options: RpcServerOptions) {
    const { logger, clock = systemClock, slowCallMs = 1000 } = options;
    this.#edge = {
      authenticate: options.authenticate,
      gate: options.gate ?? new CallGate(options.maxCallsInFlight ?? MAX_CALLS_IN_FLIGHT),
      clock,
      log: new CallLog({ logger, clock, slowCallMs }),
    };
    answerUnknownMethods(this.#server, this.#edge.log);
    this.addOpen(this.#health);
  }

  /** Calls that are being answered. */
  get callsInFlight(): number {
    return this.#edge.gate.inFlight;
  }

  /** Adds a generated service with a handler for each of its methods. */
  add<Service extends ServiceDefinition>(service: Service, handlers: Handlers<Service>): void {
    const { name, definition, implementation } = bindHandlers(
      this.#edge,
      this.#unary,
      service,
      handlers,
    );
    this.#server.addService(definition, implementation);
    this.#health.add(name);
  }

  addOpen(service: OpenService): void {
    service.addTo(this.#server);
    this.#openServices.push(service);
  }

  /**
   * Starts to take calls and reports to be serving. The address is `host:port` or `[ipv6]:port`;
   * the one returned has the real port in the place of 0.
   */
  async listen(address: string): Promise<{ address: string }> {
    const wanted = parseAddress(address);
    if (wanted === undefined) {
      throw new CannotListen(
        `cannot listen for gRPC on ${address}: it is not of the form host:port`,
      );
    }
    const bind = promisify(this.#server.bindAsync.bind(this.#server));
    try {
      const port = await bind(formatAddress(wanted), ServerCredentials.createInsecure());
      releaseStreams(this.#server);
      this.#bound = formatAddress({ host: wanted.host, port });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CannotListen(`cannot listen for gRPC on ${address}: ${why}`, { cause });
    }
    this.setServing(true);
    return { address: this.#bound };
  }

  /** What the health service says, for all services; calls are taken all the same. */
  setServing(serving: boolean): void {
    this.#health.set(serving);
  }

  /**
   * Takes no more connections, tells clients to go elsewhere, and answers every call that reached
   * it all the same: what a client began before it was told is not refused. Shortly before
   * `timeoutMs` is over, or when `now` aborts, further calls are answered STOPPING and the signals
   * of those in flight are aborted; what is open at `timeoutMs` is cut off.
   */
  async stop(timeoutMs: number, now?: AbortSignal): Promise<void> {
    for (const service of this.#openServices) service.close();
    const disarm = this.#edge.gate.stopBefore(timeoutMs, now);
    // Not forceShutdown at the end: without channelz it forgets to close connections.
    if (this.#bound !== undefined) this.#server.drain(this.#bound, timeoutMs);
    await promisify(this.#server.tryShutdown.bind(this.#server))();
    disarm();
  }
}
