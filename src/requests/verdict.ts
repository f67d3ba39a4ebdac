import { type Backoff, backoffMs } from "./backoff.js";
import { COMMAND_TYPES, type CommandType } from "./command.js";
import type { Outcome } from "./outcome.js";
import type { ErrorOrigin } from "./provisioning-request.js";

/** What the dispatcher does with a request after one sending. */
export type Verdict =
  | {
      readonly kind: "finish";
      readonly state: "COMPLETED" | "REJECTED";
      readonly referenceNumber?: string;
      readonly errorCode?: string;
      readonly errorDescription?: string;
      readonly errorOrigin?: ErrorOrigin;
      readonly attempts: number;
    }
  /** Stays the head of its lane, which sleeps for `delayMs`. */
  | {
      readonly kind: "defer";
      readonly delayMs: number;
      readonly attempts: number;
      readonly tries: number;
      readonly lastError: string;
    }
  /** Never left: back to its lane at once; the session's own trouble tells when to try again. */
  | { readonly kind: "release"; readonly lastError: string }
  /** Its transaction number is taken: it gets a new one and is sent again. */
  | { readonly kind: "renumber" };

/** What is known of the request besides the outcome. */
export interface SendingState {
  readonly type: CommandType;
  /** Charged answers so far. */
  readonly attempts: number;
  /** Sendings so far that came to nothing, charged or not; what backoff grows with. */
  readonly tries: number;
  /** The last sending, too, found its transaction number taken. */
  readonly renumbered: boolean;
}

export interface VerdictSettings {
  readonly backoff: Backoff;
  /** Charged answers after which "may be tried again" becomes REJECTED; 1 for at-most-once commands. */
  readonly maxAttempts: number;
}

/**
 * Judges one outcome. REJECTED comes only from a refusal, from the limit of charged answers, or
 * from an at-most-once command that may have had its effect; never from a CA system being down or
 * silent. `random` is 0..1.
 */
export function judge(
  outcome: Outcome,
  sending: SendingState,
  settings: VerdictSettings,
  random: number,
): Verdict {
  const { attempts, tries } = sending;
  const atMostOnce = COMMAND_TYPES[sending.type] === "AT_MOST_ONCE";
  const later = (lastError: string, charged: number): Verdict => ({
    kind: "defer",
    delayMs: backoffMs(settings.backoff, tries + 1, random),
    attempts: attempts + charged,
    tries: tries + 1,
    lastError,
  });
  const failed = (code: string, text: string): Verdict => {
    if (attempts + 1 < (atMostOnce ? 1 : settings.maxAttempts)) return later(`${code}: ${text}`, 1);
    return {
      kind: "finish",
      state: "REJECTED",
      errorCode: "ATTEMPTS_EXHAUSTED",
      errorDescription: `the last answer was ${code}: ${text}`,
      errorOrigin: "SERVICE",
      attempts: attempts + 1,
    };
  };

  switch (outcome.kind) {
    case "accepted":
      return {
        kind: "finish",
        state: "COMPLETED",
        referenceNumber: outcome.reference,
        attempts: attempts + 1,
      };
    case "rejected":
      return {
        kind: "finish",
        state: "REJECTED",
        errorCode: outcome.code,
        errorDescription: outcome.text,
        errorOrigin: "CA_SYSTEM",
        attempts: attempts + 1,
      };
    case "failed":
      return failed(outcome.code, outcome.text);
    case "busy":
      return {
        kind: "defer",
        delayMs: outcome.retryAfterMs,
        attempts,
        tries,
        lastError: `the CA system is busy and asked to wait ${outcome.retryAfterMs} ms`,
      };
    case "unavailable":
      return { kind: "release", lastError: outcome.text };
    case "unknown":
      if (!atMostOnce) return later(outcome.text, 0);
      return {
        kind: "finish",
        state: "REJECTED",
        errorCode: "OUTCOME_UNKNOWN",
        errorDescription: `it may have had its effect and is not sent again: ${outcome.text}`,
        errorOrigin: "SERVICE",
        attempts,
      };
    case "transaction_used":
      return sending.renumbered ? failed("5", outcome.text) : { kind: "renumber" };
  }
}
