import { expect } from "chai";
import fc from "fast-check";
import type { Outcome } from "../../src/requests/outcome.js";
import { judge, type SendingState } from "../../src/requests/verdict.js";

const SETTINGS = { backoff: { baseMs: 1000, maxMs: 60_000 }, maxAttempts: 3 };
const FRESH: SendingState = {
  type: "REAUTHORISE_ALL_SERVICES",
  attempts: 0,
  tries: 0,
  renumbered: false,
};
const ONCE: SendingState = { ...FRESH, type: "SEND_MAIL" };

const ACCEPTED: Outcome = { kind: "accepted", reference: "R-1" };
const REJECTED: Outcome = { kind: "rejected", code: "2", text: "no such card" };
const FAILED: Outcome = { kind: "failed", code: "100", text: "try again" };
const BUSY: Outcome = { kind: "busy", retryAfterMs: 700 };
const UNAVAILABLE: Outcome = { kind: "unavailable", text: "connection refused" };
const UNKNOWN: Outcome = { kind: "unknown", text: "no answer" };
const USED: Outcome = { kind: "transaction_used", text: "other body" };

const verdict = (outcome: Outcome, sending: Partial<SendingState> = {}, random = 1) =>
  judge(outcome, { ...FRESH, ...sending }, SETTINGS, random);

describe("the verdict on an outcome", () => {
  it("completes what was accepted, its answer counted", () => {
    expect(verdict(ACCEPTED, { attempts: 2, tries: 5 })).to.deep.equal({
      kind: "finish",
      state: "COMPLETED",
      referenceNumber: "R-1",
      attempts: 3,
    });
  });

  it("rejects what was refused, in the CA system's words", () => {
    expect(verdict(REJECTED)).to.deep.equal({
      kind: "finish",
      state: "REJECTED",
      errorCode: "2",
      errorDescription: "no such card",
      errorOrigin: "CA_SYSTEM",
      attempts: 1,
    });
  });

  it("tries again after a failure, charged, with a wait that grows", () => {
    expect(verdict(FAILED)).to.deep.equal({
      kind: "defer",
      delayMs: 1000,
      attempts: 1,
      tries: 1,
      lastError: "100: try again",
    });
    expect(verdict(FAILED, { attempts: 1, tries: 4 }, 0.5)).to.deep.include({
      delayMs: 8000,
      attempts: 2,
      tries: 5,
    });
  });

  it("gives up at the limit of charged answers", () => {
    expect(verdict(FAILED, { attempts: 2, tries: 2 })).to.deep.equal({
      kind: "finish",
      state: "REJECTED",
      errorCode: "ATTEMPTS_EXHAUSTED",
      errorDescription: "the last answer was 100: try again",
      errorOrigin: "SERVICE",
      attempts: 3,
    });
  });

  it("gives an at-most-once command a single charged answer", () => {
    expect(verdict(FAILED, ONCE)).to.deep.include({
      kind: "finish",
      errorCode: "ATTEMPTS_EXHAUSTED",
      attempts: 1,
    });
  });

  it("waits as long as a busy CA system asks, uncharged and without growth", () => {
    for (const sending of [FRESH, ONCE, { ...FRESH, attempts: 2, tries: 9 }]) {
      expect(verdict(BUSY, sending)).to.deep.equal({
        kind: "defer",
        delayMs: 700,
        attempts: sending.attempts,
        tries: sending.tries,
        lastError: "the CA system is busy and asked to wait 700 ms",
      });
    }
  });

  it("gives back what never left", () => {
    for (const sending of [FRESH, ONCE]) {
      expect(verdict(UNAVAILABLE, sending)).to.deep.equal({
        kind: "release",
        lastError: "connection refused",
      });
    }
  });

  it("sends an idempotent command again when no answer came, uncharged, with a wait that grows", () => {
    expect(verdict(UNKNOWN, { attempts: 2, tries: 2 })).to.deep.equal({
      kind: "defer",
      delayMs: 4000,
      attempts: 2,
      tries: 3,
      lastError: "no answer",
    });
  });

  it("never sends an at-most-once command again when no answer came", () => {
    expect(verdict(UNKNOWN, ONCE)).to.deep.equal({
      kind: "finish",
      state: "REJECTED",
      errorCode: "OUTCOME_UNKNOWN",
      errorDescription: "it may have had its effect and is not sent again: no answer",
      errorOrigin: "SERVICE",
      attempts: 0,
    });
  });

  it("asks for a new number when the number was used, and takes a second time for a failure", () => {
    expect(verdict(USED)).to.deep.equal({ kind: "renumber" });
    expect(verdict(USED, ONCE)).to.deep.equal({ kind: "renumber" });
    expect(verdict(USED, { renumbered: true })).to.deep.include({
      kind: "defer",
      attempts: 1,
      lastError: "5: other body",
    });
    expect(verdict(USED, { renumbered: true, attempts: 2 })).to.deep.include({
      kind: "finish",
      errorCode: "ATTEMPTS_EXHAUSTED",
    });
  });

  it("never rejects because a CA system is down, silent or busy, however often", () => {
    const patient = fc.constantFrom(BUSY, UNAVAILABLE, UNKNOWN);
    fc.assert(
      fc.property(patient, fc.nat(2), fc.nat(10 ** 6), (outcome, attempts, tries) => {
        expect(verdict(outcome, { attempts, tries }).kind).to.be.oneOf(["defer", "release"]);
      }),
    );
  });
});
