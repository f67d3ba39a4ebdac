import type { Level, Logger } from "pino";
import type { Clock } from "../requests/clock.js";
import type { StatusName } from "../requests/reasons.js";
import type { ServiceError } from "../requests/service-error.js";
import { errorMessage, shorten } from "./error-text.js";

/** A call that has ended. */
export interface EndedCall {
  readonly method: string;
  readonly principal: { readonly name: string };
  readonly peer: string;
}

export interface CallLogOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** A call that took this long is logged even when it went well. */
  readonly slowCallMs: number;
}

/** Lines in a second; more are counted, so that a flood of bad calls is no flood of lines. */
const MAX_LINES = 100;
const WINDOW_MS = 1000;
const MAX_METHOD_BYTES = 200;
const MAX_MESSAGE = { faults: 5, maxBytes: 500 };

/**
 * Logs calls that failed or were slow, one line each. Never what was in their messages, but for
 * what the error tells the caller, and never a token.
 */
export class CallLog {
  readonly #options: CallLogOptions;
  #windowStart = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #unlogged = 0;

  constructor(options: CallLogOptions) {
    this.#options = options;
  }

  /**
   * To be told of each call at its end; `error` is what it was answered, if it was not OK, and
   * `ms` is undefined for what was refused before it was a call.
   */
  ended(call: EndedCall, ms: number | undefined, error: ServiceError | undefined): void {
    if (error !== undefined) {
      const level = LEVELS[error.status];
      const text = errorMessage(error, MAX_MESSAGE);
      // The caller's own faults need no stack.
      const err = level === "info" ? undefined : error.cause;
      this.#write(level, call, ms, { status: error.status, reason: error.reason, text, err });
    } else if (ms !== undefined && ms >= this.#options.slowCallMs) {
      this.#write("info", call, ms, { status: "OK" });
    }
  }

  /** To be told of what was refused by its protocol, which has a reason of its own for that. */
  refused(call: EndedCall, reason: string, text: string): void {
    this.#write("info", call, undefined, { reason, text });
  }

  #write(level: Level, call: EndedCall, ms: number | undefined, outcome: object): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#lines = 0;
    }
    if (this.#lines >= MAX_LINES && level !== "error") {
      this.#unlogged += 1;
      return;
    }
    this.#lines += 1;
    const { principal, peer } = call;
    // That of an unknown call is as long as its caller wants.
    const method = shorten(call.method, MAX_METHOD_BYTES);
    const took = ms === undefined ? undefined : Math.round(ms);
    const unlogged = this.#unlogged === 0 ? undefined : this.#unlogged;
    this.#unlogged = 0;
    this.#options.logger[level](
      { method, principal: principal.name, peer, ms: took, ...outcome, unlogged },
      "call",
    );
  }
}

/** Errors are ours, warnings are for who runs the service, the rest is the caller's own affair. */
const LEVELS: Readonly<Record<StatusName, Level>> = {
  INTERNAL: "error",
  UNAVAILABLE: "warn",
  RESOURCE_EXHAUSTED: "warn",
  INVALID_ARGUMENT: "info",
  UNAUTHENTICATED: "info",
  PERMISSION_DENIED: "info",
  NOT_FOUND: "info",
  ALREADY_EXISTS: "info",
  ABORTED: "info",
  FAILED_PRECONDITION: "info",
  CANCELLED: "info",
  DEADLINE_EXCEEDED: "info",
  UNIMPLEMENTED: "info",
};
