import pino from "pino";
import { systemClock } from "../../../src/requests/clock.js";
import { type Service, startService } from "../../../src/service.js";
import { answerParent } from "./answer-parent.js";
import { configurationOf, type Setup } from "./configuration.js";

let service: Service | undefined;

/** The real service, in a process of its own. */
const api = {
  /** `host:port` of its gRPC server. */
  async start(setup: Setup): Promise<string> {
    service = await startService({
      configuration: configurationOf(setup),
      logger: pino({ level: "error" }, pino.destination(2)),
      clock: systemClock,
      random: Math.random,
      announceFirstUser: () => undefined,
    });
    return service.grpc;
  },

  /** `host:port` of its HTTP server. */
  http: async (): Promise<string> => service?.http ?? "",

  /** Stops it at once: what is durable stays, the rest is not looked at. */
  async stop(): Promise<void> {
    const running = service;
    service = undefined;
    await running?.stop(AbortSignal.abort());
  },
};

export type ServiceApi = typeof api;

answerParent(api);
