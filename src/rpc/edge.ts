import type { CallGate } from "../calls/call-gate.js";
import type { CallLog } from "../calls/call-log.js";
import type { Clock } from "../requests/clock.js";
import type { Authenticate } from "./authenticate.js";

/** What all calls of one server share. */
export interface Edge {
  readonly authenticate: Authenticate;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly log: CallLog;
}
