import type { HeadResult } from "../store/dispatch-store.js";

const TEXT = "what the CA system answered could not be stored; the log has why";

/**
 * A result without anything that a CA system said. What is left are values of our own, which every
 * database takes.
 */
export function bareResult(result: HeadResult): HeadResult {
  switch (result.kind) {
    case "finish": {
      const rejected = result.state === "REJECTED";
      const ownCode = result.errorOrigin === "SERVICE" ? result.errorCode : "INTERNAL";
      return {
        ...result,
        request: undefined,
        response: undefined,
        referenceNumber: undefined,
        answer: undefined,
        errorCode: rejected ? ownCode : undefined,
        errorDescription: rejected ? TEXT : undefined,
        errorOrigin: rejected ? "SERVICE" : undefined,
      };
    }
    case "defer":
      return { ...result, delayMs: Math.max(0, Math.ceil(result.delayMs) || 0), lastError: TEXT };
    case "release":
      return { ...result, lastError: TEXT };
  }
}
