import type { FastifyReply } from "fastify";
import type { CallGate } from "../calls/call-gate.js";
import type { CallLog } from "../calls/call-log.js";
import type { Clock } from "../requests/clock.js";
import type { TimeZone } from "../requests/time-zone.js";
import type { Authenticate } from "./credentials.js";
import type { Answer } from "./envelope.js";
import type { WebDeps } from "./web-deps.js";

/** What all calls over HTTP share. */
export interface Edge {
  readonly authenticate: Authenticate;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly log: CallLog;
  readonly zone: TimeZone;
  readonly deps: WebDeps;
  /** Sends the answer of a call. */
  send(reply: FastifyReply, answer: Answer): void;
}
