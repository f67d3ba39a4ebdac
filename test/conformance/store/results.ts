import type { ClaimedHead, HeadResult } from "../../../src/store/dispatch-store.js";
import { RUN, START } from "./stage.js";

type Finish = Extract<HeadResult, { kind: "finish" }>;
type Defer = Extract<HeadResult, { kind: "defer" }>;

export function completed(head: ClaimedHead, more: Partial<Finish> = {}): Finish {
  return {
    head,
    processName: RUN.definition,
    kind: "finish",
    state: "COMPLETED",
    executedDate: START,
    request: "sent",
    response: "answered",
    referenceNumber: `R-${head.number}`,
    answer: undefined,
    errorCode: undefined,
    errorDescription: undefined,
    errorOrigin: undefined,
    attempts: head.attempts + 1,
    processId: RUN.id,
    ...more,
  };
}

export function rejected(head: ClaimedHead, more: Partial<Finish> = {}): Finish {
  return completed(head, {
    state: "REJECTED",
    referenceNumber: undefined,
    errorCode: "2",
    errorDescription: "no such card",
    errorOrigin: "CA_SYSTEM",
    ...more,
  });
}

export function deferred(head: ClaimedHead, delayMs: number, more: Partial<Defer> = {}): Defer {
  return {
    head,
    processName: RUN.definition,
    kind: "defer",
    executedDate: START,
    delayMs,
    attempts: head.attempts + 1,
    tries: head.tries + 1,
    lastError: "100: try again",
    processId: RUN.id,
    ...more,
  };
}

export function released(
  head: ClaimedHead,
  lastError?: string,
  { returnToken = false } = {},
): HeadResult {
  const { definition, id } = RUN;
  return { head, processName: definition, kind: "release", returnToken, lastError, processId: id };
}
