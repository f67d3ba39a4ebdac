import pino from "pino";
import { CallGate } from "../../src/calls/call-gate.js";
import { byToken } from "../../src/http/credentials.js";
import type { WebDeps } from "../../src/http/web-deps.js";
import { WebServer, type WebServerOptions } from "../../src/http/web-server.js";
import type { ProvisioningRequest } from "../../src/requests/provisioning-request.js";
import { ServiceError } from "../../src/requests/service-error.js";
import type { RequestStore } from "../../src/store/request-store.js";
import { ManualClock } from "./manual-clock.js";
import { type LogLine, TEST_TOKEN } from "./rpc-server.js";
import { WebClient } from "./web-client.js";

/** A server on a free port over a store that is made up, with the log it writes. */
export interface WebTestServer {
  readonly server: WebServer;
  readonly address: string;
  readonly client: WebClient;
  readonly log: readonly LogLine[];
  readonly clock: ManualClock;
  readonly gate: CallGate;
  /** Has it take calls. */
  open(): void;
}

/** Starts a server whose calls that look at requests go to `store`; to be stopped by the caller. */
export async function startWebServer(
  store: Partial<RequestStore>,
  options: Partial<WebServerOptions> = {},
): Promise<WebTestServer> {
  const log: LogLine[] = [];
  const clock = new ManualClock();
  const gate = options.gate ?? new CallGate(100);
  const server = new WebServer({
    address: { host: "127.0.0.1", port: 0 },
    prefix: "",
    timeZone: "UTC",
    ready: async () => true,
    gate,
    clock,
    logger: pino({ level: "trace" }, { write: (line: string) => log.push(JSON.parse(line)) }),
    ...options,
  });
  const address = await server.listen();
  const authenticate = byToken({
    authenticate(token) {
      if (token !== TEST_TOKEN) throw ServiceError.of("TOKEN_INVALID");
      return { name: "tester" };
    },
  });
  const client = new WebClient(address, { authorization: `Bearer ${TEST_TOKEN}` });
  // Calls that look at requests need nothing else.
  const deps = { create: { store } } as unknown as WebDeps;
  return { server, address, client, log, clock, gate, open: () => server.open(deps, authenticate) };
}

/** A request as a store gives it; `text` makes it as large as is wanted. */
export function storedRequest(text = ""): ProvisioningRequest {
  return {
    id: "01a2157c-dc55-76be-aeec-e9259b078923",
    number: 1,
    command: { type: "REAUTHORISE_ALL_SERVICES" },
    provider: "nds-main",
    subscription: { id: "sub-1", number: "S-1" },
    smartcard: { id: "card-1", serialNumber: "1", alternativeCode: undefined, caId: "1" },
    scheduledDate: 1,
    processImmediately: false,
    priority: "REGULAR",
    expireDate: undefined,
    requestId: undefined,
    callerReference: undefined,
    onBehalfOf: undefined,
    reason: text,
    retryOf: undefined,
    createdDate: 1,
    createdBy: "tester",
    lifeCycleState: "PENDING",
    sequenceNumber: 0,
    transactionNumber: 0,
    executedDate: undefined,
    request: undefined,
    response: undefined,
    referenceNumber: undefined,
    answer: undefined,
    errorCode: undefined,
    errorDescription: undefined,
    errorOrigin: undefined,
    attempts: 0,
    nextAttemptDate: undefined,
    lastError: undefined,
    processName: undefined,
    processId: undefined,
    updatedDate: 1,
    updatedBy: "tester",
    waitingFor: "CAPACITY",
    waitingForId: undefined,
  };
}
