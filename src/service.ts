import type { Logger } from "pino";
import { callDeps } from "./call-deps.js";
import { CallGate } from "./calls/call-gate.js";
import { formatAddress } from "./config/address.js";
import type { Configuration } from "./config/configuration.js";
import * as credentials from "./http/credentials.js";
import { WebServer } from "./http/web-server.js";
import { inTurn, type Step } from "./in-turn.js";
import type { Clock } from "./requests/clock.js";
import { addServices } from "./rpc/add-services.js";
import { byToken, withoutToken } from "./rpc/authenticate.js";
import { routeGrpcLog } from "./rpc/grpc-log.js";
import { RpcServer } from "./rpc/server.js";
import { MAX_CALLS_IN_FLIGHT } from "./rpc/server-limits.js";
import { buildParts } from "./service-parts.js";
import { prepareDatabase } from "./store/prepare-database.js";
import { lockForServing } from "./store/sqlite/lock-for-serving.js";

export interface ServiceOptions {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly clock: Clock;
  /** 0 or more, less than 1; for jitter. */
  readonly random: () => number;
  /** Tells the operator the generated password of the first user, once. */
  readonly announceFirstUser: (user: string, password: string) => void;
  /**
   * Called when the waits for others are over and the service is about to leave what a stop takes
   * away. Until then its process may just end.
   */
  readonly onBegin?: () => void;
}

/** A running service. */
export interface Service {
  /** `host:port` of the gRPC server, the port being the real one. */
  readonly grpc: string;
  /** The same of the HTTP server. */
  readonly http: string;
  /**
   * Stops in good order: not serving, no tick, no claim; unsent heads given back, answers awaited
   * for as long as the settings say, outcomes written, sessions left to others; calls that had
   * come answered; everything closed. Aborting `now` skips every wait but those for the database;
   * nothing durable is lost either way. `onStep` is told what is waited for next.
   */
  stop(now: AbortSignal, onStep?: (waitsFor: string) => void): Promise<void>;
}

/** Builds the service and starts it, what others need first. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { configuration, logger: log, clock } = options;
  const { settings } = configuration;
  // What is open so far, in the order of opening: a start that fails closes it again.
  const open: { close(): Promise<void> }[] = [];
  try {
    let isReady = async () => false;
    const gate = new CallGate(MAX_CALLS_IN_FLIGHT);
    const http = new WebServer({
      address: settings.httpAddress,
      prefix: settings.httpPrefix,
      timeZone: settings.httpTimeZone,
      ready: () => isReady(),
      gate,
      clock,
      logger: log,
    });
    const httpAddress = await http.listen();
    open.push({ close: () => http.stop() });
    const releaseLock = await lockForServing(settings);
    open.push({ close: releaseLock });

    const prepared = await prepareDatabase({
      configuration,
      clock,
      onNotice: (text) => log.warn(text),
    });
    const { database } = prepared;
    open.push(database);
    await database.ready();

    options.onBegin?.();
    const parts = await buildParts(options, prepared);
    const { tokens, tokenSweep, dispatcher, scheduler, book, wakeUp, leaseSweep } = parts;
    const { acceptor, settlements } = parts;
    const deps = callDeps(options, prepared, parts);

    routeGrpcLog(log);
    const isOpen = settings.auth === "off";
    const authenticate = isOpen ? withoutToken : byToken(tokens);
    const rpc = new RpcServer({ authenticate, logger: log, clock, gate });
    addServices(rpc, deps);

    /** Leaves what this process has to do to the others. */
    const retirement = (deadline: AbortSignal): Step[] => [
      ["the dispatcher", () => dispatcher.drain(deadline)],
      [
        "runs",
        () => {
          settlements.close();
          // They end as completed before the process lets go of what is still its own.
          return book.stop();
        },
      ],
      // Not after the calls: others are to go on at once, however long a call takes.
      ["the incarnation", () => dispatcher.signOff()],
    ];

    // Definitions first: what is claimed at start is claimed in a run.
    await scheduler.load();
    // What starts is closed even if it could not start: it may have got half of the way.
    open.push({ close: () => wakeUp.stop() });
    wakeUp.start((notice) => {
      switch (notice.kind) {
        case "run":
          book.join(notice.run);
          return;
        case "run_definitions":
          scheduler.hurry();
          return;
        default:
          dispatcher.hear(notice);
      }
    });
    open.push({ close: () => inTurn(retirement(AbortSignal.abort())) });
    await dispatcher.start();
    open.push({ close: () => scheduler.stop() });
    await scheduler.start();
    open.push({ close: () => tokenSweep.stop() });
    tokenSweep.start();
    open.push({ close: () => leaseSweep.stop() });
    leaseSweep.start();
    const { address: grpcAddress } = await rpc.listen(formatAddress(settings.grpcAddress));
    http.open(deps, isOpen ? credentials.withoutToken : credentials.byToken(tokens));
    isReady = async () => (await database.reader.all("SELECT 1 AS ok")).length > 0;

    return {
      grpc: grpcAddress,
      http: httpAddress,
      async stop(now, onStep) {
        const deadline = AbortSignal.any([now, AbortSignal.timeout(settings.stopTimeoutMs)]);
        isReady = async () => false;
        rpc.setServing(false);
        // Calls go on meanwhile: what a client began before it was told to go elsewhere is answered.
        const calls = unless(now, stopCalls(rpc, http, settings.stopTimeoutMs, now));
        const sweeps = [scheduler, tokenSweep, leaseSweep];
        await inTurn(
          [
            ["periodic tasks", () => Promise.all(sweeps.map((sweep) => sweep.stop()))],
            ...retirement(deadline),
            ["calls", () => calls],
            ["creates", () => acceptor.idle()],
            ["runs that the last calls started", () => book.stop()],
            ["the wake-up", () => wakeUp.stop()],
            ["the database", () => database.close()],
            ["the lock", releaseLock],
            ["HTTP", () => http.stop()],
          ],
          onStep,
        );
      },
    };
  } catch (error) {
    for (const resource of open.toReversed()) {
      try {
        await resource.close();
      } catch (err) {
        // The start's own error is the one to tell.
        log.warn({ err }, "what a failed start had opened could not be closed");
      }
    }
    throw error;
  }
}

/** Takes no new calls, by either edge, and resolves when those under way are answered. */
async function stopCalls(
  rpc: RpcServer,
  http: WebServer,
  timeoutMs: number,
  now: AbortSignal,
): Promise<void> {
  await Promise.all([rpc.stop(timeoutMs, now), http.drain(timeoutMs, now)]);
}

/** Waits for work to end, but no longer once `now` aborts. */
async function unless(now: AbortSignal, work: Promise<void>): Promise<void> {
  if (now.aborted) return;
  let skip: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    skip = resolve;
    now.addEventListener("abort", skip, { once: true });
  });
  await Promise.race([work, aborted]);
  now.removeEventListener("abort", skip);
}
