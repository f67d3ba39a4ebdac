import type { Clock } from "../requests/clock.js";
import type { Authenticate } from "./authenticate.js";
import type { CallGate } from "./call-gate.js";
import type { CallLog } from "./call-log.js";

/** What all calls of one server share. */
export interface Edge {
  readonly authenticate: Authenticate;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly log: CallLog;
}
