import { expect } from "chai";
import { compareReasons, REASONS, type Reason } from "../../src/requests/reasons.js";
import { type Fault, ServiceError } from "../../src/requests/service-error.js";

const fault = (reason: Reason, field?: string): Fault => ({
  reason,
  description: `about ${reason}`,
  ...(field === undefined ? {} : { field }),
});

describe("service errors", () => {
  it("carry a single fault with its status and text", () => {
    const error = ServiceError.of("RUN_NOT_FOUND", { resource: { type: "run", name: "r-1" } });
    expect(error).to.deep.include({ reason: "RUN_NOT_FOUND", status: "NOT_FOUND" });
    expect(error.message).to.equal("no such run");
    expect(error.faults).to.deep.equal([
      {
        reason: "RUN_NOT_FOUND",
        description: "no such run",
        resource: { type: "run", name: "r-1" },
      },
    ]);
    expect(error.retryAfterMs).to.equal(undefined);
  });

  it("name the field before what is wrong with it", () => {
    const error = new ServiceError([fault("INVALID_REQUEST", "request_id")]);
    expect(error.message).to.equal("request_id: about INVALID_REQUEST");
  });

  it("take the first reason of the table, whatever the order of the faults", () => {
    const error = new ServiceError([fault("SMARTCARD_NOT_FOUND"), fault("SUBSCRIPTION_NOT_FOUND")]);
    expect(error.reason).to.equal("SUBSCRIPTION_NOT_FOUND");
    expect(error.message).to.equal("about SUBSCRIPTION_NOT_FOUND; about SMARTCARD_NOT_FOUND");
  });

  it("keep only the faults of their status", () => {
    const error = new ServiceError([
      fault("COMMAND_NOT_SUPPORTED"),
      fault("SMARTCARD_NOT_FOUND"),
      fault("SUBSCRIPTION_NOT_FOUND"),
    ]);
    expect(error.status).to.equal("NOT_FOUND");
    expect(error.faults.map(({ reason }) => reason)).to.deep.equal([
      "SUBSCRIPTION_NOT_FOUND",
      "SMARTCARD_NOT_FOUND",
    ]);
  });

  it("keep faults of one reason in the order given", () => {
    const error = new ServiceError([fault("INVALID_REQUEST", "b"), fault("INVALID_REQUEST", "a")]);
    expect(error.faults.map(({ field }) => field)).to.deep.equal(["b", "a"]);
  });

  it("carry a cause, and when to try again", () => {
    const cause = new Error("locked");
    const error = ServiceError.of("OVERLOADED", {}, { cause, retryAfterMs: 500 });
    expect([error.cause, error.retryAfterMs, error.name]).to.deep.equal([
      cause,
      500,
      "ServiceError",
    ]);
    expect(error).to.be.instanceOf(Error);
  });
});

describe("the table of reasons", () => {
  it("goes by the precedence of statuses", () => {
    const precedence = [
      "UNAUTHENTICATED",
      "PERMISSION_DENIED",
      "INVALID_ARGUMENT",
      "NOT_FOUND",
      "FAILED_PRECONDITION",
      "ALREADY_EXISTS",
    ];
    const statuses = Object.values(REASONS)
      .map(({ status }) => precedence.indexOf(status))
      .filter((place) => place >= 0);
    expect(statuses).to.deep.equal(statuses.toSorted((a, b) => a - b));
  });

  it("compares reasons by their places", () => {
    expect(compareReasons("SUBSCRIPTION_NOT_FOUND", "SMARTCARD_NOT_FOUND")).to.be.lessThan(0);
    expect(compareReasons("INTERNAL", "TOKEN_MISSING")).to.be.greaterThan(0);
    expect(compareReasons("INTERNAL", "INTERNAL")).to.equal(0);
  });
});
