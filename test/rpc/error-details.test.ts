import { expect } from "chai";
import { Status } from "../../src/gen/google/rpc/status.js";
import type { Reason } from "../../src/requests/reasons.js";
import { type Fault, ServiceError } from "../../src/requests/service-error.js";
import { rpcStatus } from "../../src/rpc/rpc-status.js";
import {
  GET_REQUEST,
  type InventoryTestServer,
  startInventory,
} from "../support/inventory-server.js";
import { call, type Failure, failureOf } from "../support/rpc-client.js";

const TRAILER_LIMIT = 8 * 1024;

describe("errors on the wire", () => {
  let thrown: unknown;
  let server: InventoryTestServer;

  before(async () => {
    server = await startInventory({
      get: async () => {
        throw thrown;
      },
    });
  });
  after(() => server.stop());

  const failWith = (error: unknown): Promise<Failure> => {
    thrown = error;
    return failureOf(call(server.client, server.client.getSubscription, GET_REQUEST));
  };
  const many = (count: number, fault: (i: number) => Fault): [Fault, ...Fault[]] => {
    const [first, ...rest] = Array.from({ length: count }, (_, i) => fault(i));
    if (first === undefined) throw new Error("none");
    return [first, ...rest];
  };
  const invalid = (field: string, description = "is mandatory"): Fault => ({
    reason: "INVALID_REQUEST",
    field,
    description,
  });

  it("name every field at fault, in the message and in BadRequest", async () => {
    const failure = await failWith(
      new ServiceError([invalid("smartcard_identifier.serial_number"), invalid("priority", "no")]),
    );
    expect(failure.code).to.equal("INVALID_ARGUMENT");
    expect(failure.info).to.deep.equal({
      reason: "INVALID_REQUEST",
      domain: "ca-provisioning",
      metadata: {},
    });
    expect(failure.message).to.equal(
      "smartcard_identifier.serial_number: is mandatory; priority: no",
    );
    expect(failure.badRequest?.fieldViolations).to.deep.equal([
      {
        field: "smartcard_identifier.serial_number",
        description: "is mandatory",
        reason: "INVALID_REQUEST",
        localizedMessage: undefined,
      },
      {
        field: "priority",
        description: "no",
        reason: "INVALID_REQUEST",
        localizedMessage: undefined,
      },
    ]);
  });

  it("tell what was not found, all of it, with the reason that comes first", async () => {
    const missing = (reason: Reason, type: string): Fault => ({
      reason,
      field: `${type}_identifier.id`,
      description: `no ${type} has this id`,
      resource: { type, name: "17" },
    });
    const failure = await failWith(
      new ServiceError([
        missing("SMARTCARD_NOT_FOUND", "smartcard"),
        missing("SUBSCRIPTION_NOT_FOUND", "subscription"),
      ]),
    );
    expect(failure.code).to.equal("NOT_FOUND");
    expect(failure.reason).to.equal("SUBSCRIPTION_NOT_FOUND");
    expect(
      failure.resourceInfos.map(({ resourceType, resourceName }) => [resourceType, resourceName]),
    ).to.deep.equal([
      ["subscription", "17"],
      ["smartcard", "17"],
    ]);
  });

  it("tell which preconditions failed, and for what", async () => {
    const failure = await failWith(
      ServiceError.of("PROVIDER_NOT_EFFECTIVE", { resource: { type: "provider", name: "nds" } }),
    );
    expect(failure.code).to.equal("FAILED_PRECONDITION");
    expect(failure.preconditionFailure?.violations).to.deep.equal([
      {
        type: "PROVIDER_NOT_EFFECTIVE",
        subject: "provider/nds",
        description: "the provider's life cycle state is NOT_EFFECTIVE",
      },
    ]);
  });

  it("tell when to try again", async () => {
    const failure = await failWith(ServiceError.of("OVERLOADED", {}, { retryAfterMs: 1500 }));
    expect(failure.retryInfo?.retryDelay).to.deep.equal({ seconds: 1n, nanos: 500_000_000 });
  });

  it("tell 20 faults and count the rest", async () => {
    const failure = await failWith(new ServiceError(many(50, (i) => invalid(`items[${i}].id`))));
    const told = failure.badRequest?.fieldViolations ?? [];
    expect(told).to.have.length(21);
    expect(told[19]?.field).to.equal("items[19].id");
    expect(told[20]).to.include({ field: "", description: "and 30 more" });
    expect(failure.message).to.match(/items\[19\]\.id: is mandatory; and 30 more$/);
  });

  const texts = {
    ascii: "x",
    "three bytes": "\u{20AC}",
    "four bytes": "\u{1F600}",
    "control characters": "\n",
    "lone surrogates": "\uD800",
  };
  for (const [title, character] of Object.entries(texts)) {
    for (const length of [100, 5000]) {
      it(`stay below 8 KiB with 100 faults of ${length} characters: ${title}`, async () => {
        const text = character.repeat(length);
        const failure = await failWith(new ServiceError(many(100, () => invalid(text, text))));
        expect(failure.trailerBytes).to.be.below(TRAILER_LIMIT);
        expect(failure.message).to.match(/; and \d+ more$/);
        expect(failure.badRequest?.fieldViolations.length).to.be.greaterThan(1);
        const missing: Fault = {
          reason: "SMARTCARD_NOT_FOUND",
          description: text,
          resource: { type: text, name: text },
        };
        const other = await failWith(new ServiceError(many(100, () => missing)));
        expect(other.trailerBytes).to.be.below(TRAILER_LIMIT);
        expect(other.resourceInfos.at(-1)?.description).to.match(/^and \d+ more$/);
      });
    }
  }

  it("hide what was thrown that is no ServiceError, whatever it is", async () => {
    for (const other of [new Error("x"), "x", undefined, null, { code: 5, details: "x" }]) {
      const failure = await failWith(other);
      expect(failure.code).to.equal("INTERNAL");
      expect(failure.message).to.equal("an internal error; the service's log has the details");
    }
  });

  it("are small as the result of one item of a thousand", () => {
    const euro = "\u{20AC}".repeat(300);
    const status = rpcStatus(new ServiceError(many(100, () => invalid(euro, euro))));
    expect(Status.encode(status).finish().length).to.be.at.most(1024);
    expect(status.code).to.equal(3);
    expect(status.details[0]?.typeUrl).to.equal("type.googleapis.com/google.rpc.ErrorInfo");
    const one = rpcStatus(ServiceError.of("PROVIDER_NOT_FOUND", { field: "provider" }));
    expect(one).to.include({ code: 5, message: "provider: no such provider" });
  });
});
