import { expect } from "chai";
import { bareResult } from "../../src/dispatch/bare-result.js";
import type { HeadResult } from "../../src/store/dispatch-store.js";
import { claimedHead } from "./claimed-head.js";

const OF = { head: claimedHead(1), processName: "default", processId: "run-1" };
const TEXT = "what the CA system answered could not be stored; the log has why";

function rejected(errorOrigin: "CA_SYSTEM" | "SERVICE", errorCode: string): HeadResult {
  return {
    ...OF,
    kind: "finish",
    state: "REJECTED",
    executedDate: 5,
    request: "asked",
    response: "answered",
    referenceNumber: undefined,
    answer: { kind: "PAIRING_STATUS", setTopBoxes: [] },
    errorCode,
    errorDescription: "no such card",
    errorOrigin,
    attempts: 3,
  };
}

describe("a result without its texts", () => {
  for (const [origin, code, kept] of [
    ["CA_SYSTEM", "17", "INTERNAL"],
    ["SERVICE", "ATTEMPTS_EXHAUSTED", "ATTEMPTS_EXHAUSTED"],
  ] as const) {
    it(`has an error of the service's own: ${code} becomes ${kept}`, () => {
      expect(bareResult(rejected(origin, code))).to.deep.equal({
        ...OF,
        kind: "finish",
        state: "REJECTED",
        executedDate: 5,
        request: undefined,
        response: undefined,
        referenceNumber: undefined,
        answer: undefined,
        errorCode: kept,
        errorDescription: TEXT,
        errorOrigin: "SERVICE",
        attempts: 3,
      });
    });
  }

  for (const [delayMs, whole] of [
    [10.2, 11],
    [-1, 0],
    [Number.NaN, 0],
  ] as const) {
    it(`waits for whole milliseconds: ${delayMs}`, () => {
      const deferred = { executedDate: 5, attempts: 1, tries: 2, lastError: "busy" };
      expect(bareResult({ ...OF, kind: "defer", delayMs, ...deferred })).to.deep.equal({
        ...OF,
        kind: "defer",
        delayMs: whole,
        ...deferred,
        lastError: TEXT,
      });
    });
  }

  it("goes back to its lane all the same", () => {
    const released: HeadResult = { ...OF, kind: "release", returnToken: true, lastError: "odd" };
    expect(bareResult(released)).to.deep.equal({ ...released, lastError: TEXT });
  });
});
