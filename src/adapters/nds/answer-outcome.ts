import type { Outcome } from "../../requests/outcome.js";
import type { CommandAnswer, UnreadableAnswer } from "./answer.js";

/** The error code with which a CA system says that the connection has no session. */
export const NOT_LOGGED_IN = 101;

const TRANSACTION_USED = 5;
const BUSY_MS = { min: 10, max: 600_000 } as const;

/** What an answer says became of its command. */
export function answerOutcome(answer: CommandAnswer | UnreadableAnswer): Outcome {
  switch (answer.name) {
    case "COMMAND_ACCEPTED":
      return { kind: "accepted", reference: answer.reference };
    case "COMMAND_REJECTED":
      return refusal(answer.code, answer.description);
    case "COMMAND_BUSY":
      return {
        kind: "busy",
        retryAfterMs: Math.min(Math.max(answer.retryAfterMs, BUSY_MS.min), BUSY_MS.max),
      };
    case "UNREADABLE":
      return {
        kind: "unknown",
        text: `the CA system answered ${answer.message} without a readable ${answer.parameter}`,
      };
  }
}

function refusal(code: number, text: string): Outcome {
  if (code === TRANSACTION_USED) return { kind: "transaction_used", text };
  if (code === NOT_LOGGED_IN) return { kind: "unavailable", text: notLoggedInText(text) };
  if (code >= 100 && code <= 199) return { kind: "failed", code: String(code), text };
  return { kind: "rejected", code: String(code), text };
}

/** Error 101 in a sentence. */
export function notLoggedInText(description: string): string {
  return `the CA system has no session for this connection: ${NOT_LOGGED_IN} ${description}`.trimEnd();
}
