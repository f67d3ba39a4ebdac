import { once } from "node:events";
import { type ClientWritableStream, Metadata, type ServiceError } from "@grpc/grpc-js";
import { expect } from "chai";
import type {
  ImportSubscriptionsRequest,
  ImportSubscriptionsResponse,
} from "../../src/gen/provisioning/v1/inventory_service.js";
import { ServiceError as Refusal } from "../../src/requests/service-error.js";
import {
  type FakeInventory,
  type InventoryTestServer,
  startInventory,
} from "../support/inventory-server.js";
import { failureOf } from "../support/rpc-client.js";
import { withToken } from "../support/rpc-server.js";

type Import = NonNullable<FakeInventory["import"]>;

const message = (size: number): ImportSubscriptionsRequest => ({
  subscriptions: [
    {
      id: "x".repeat(size),
      number: "1",
      installedItems: [],
      createdDate: undefined,
      updatedDate: undefined,
    },
  ],
  detachUnlistedItems: false,
});

describe("calls that stream requests in", () => {
  let server: InventoryTestServer;
  let handle: Import;

  beforeEach(async () => {
    server = await startInventory({ import: (...args) => handle(...args) });
  });
  afterEach(() => server.stop());

  function open(metadata = withToken()): {
    stream: ClientWritableStream<ImportSubscriptionsRequest>;
    response: Promise<ImportSubscriptionsResponse>;
  } {
    let stream: ClientWritableStream<ImportSubscriptionsRequest> | undefined;
    const response = new Promise<ImportSubscriptionsResponse>((resolve, reject) => {
      const done = (error: ServiceError | null, value?: ImportSubscriptionsResponse) =>
        value === undefined ? reject(error) : resolve(value);
      stream = server.client.importSubscriptions(metadata, done);
      stream.on("error", () => {});
    });
    if (stream === undefined) throw new Error("no stream");
    response.catch(() => {});
    return { stream, response };
  }

  const count: Import = async (_, requests) => {
    let created = 0n;
    for await (const { subscriptions } of requests) created += BigInt(subscriptions.length);
    return { created };
  };

  it("give the handler every request, and its answer to the caller", async () => {
    handle = count;
    const { stream, response } = open();
    for (let i = 0; i < 500; i++) stream.write(message(i));
    stream.end();
    expect((await response).created).to.equal(500n);
  });

  it("may bring nothing", async () => {
    handle = count;
    const { stream, response } = open();
    stream.end();
    expect((await response).created).to.equal(0n);
  });

  it("are refused without a token before anything is read", async () => {
    let called = false;
    handle = async (...args) => {
      called = true;
      return count(...args);
    };
    const { response } = open(new Metadata());
    expect((await failureOf(response)).reason).to.equal("TOKEN_MISSING");
    expect(called).to.equal(false);
  });

  it("end with the handler's error, whatever is still to come", async () => {
    handle = async (_, requests) => {
      for await (const _request of requests) throw Refusal.of("DATABASE_UNAVAILABLE");
      return {};
    };
    const { stream, response } = open();
    for (let i = 0; i < 100; i++) stream.write(message(10_000));
    expect((await failureOf(response)).reason).to.equal("DATABASE_UNAVAILABLE");
  });

  it("may be answered before their end", async () => {
    handle = async () => ({ unchanged: 7n });
    const { stream, response } = open();
    stream.write(message(1));
    expect((await response).unchanged).to.equal(7n);
  });

  it("make a fast caller wait for a slow handler", async () => {
    let resume = () => {};
    const held = new Promise<void>((resolve) => {
      resume = resolve;
    });
    handle = async (call, requests) => {
      handle = count;
      await held;
      return count(call, requests);
    };
    const { stream, response } = open();
    let accepted = 0;
    for (let i = 0; i < 200; i++) stream.write(message(100_000), () => accepted++);
    // Meanwhile as much as would fill the first goes through on the same connection.
    for (let i = 0; i < 200; i++) {
      const other = open();
      other.stream.end(message(100_000));
      await other.response;
    }
    expect(accepted).to.be.below(100);
    resume();
    stream.end();
    expect((await response).created).to.equal(200n);
  });

  it("tell the handler that the caller cancelled", async () => {
    const ended = new Promise<unknown>((resolve) => {
      handle = async (_, requests) => {
        try {
          for await (const _request of requests) started();
        } catch (error) {
          resolve(error);
        }
        return {};
      };
    });
    let started = () => {};
    const reading = new Promise<void>((resolve) => {
      started = resolve;
    });
    const { stream, response } = open();
    stream.write(message(1));
    await reading;
    stream.cancel();
    expect(await ended)
      .to.be.instanceOf(Refusal)
      .with.property("reason", "CALL_CANCELLED");
    expect((await failureOf(response)).code).to.equal("CANCELLED");
  });

  it("end when the server stops", async () => {
    let started = () => {};
    const reading = new Promise<void>((resolve) => {
      started = resolve;
    });
    handle = async (_, requests) => {
      for await (const _request of requests) started();
      return {};
    };
    const { stream, response } = open();
    stream.write(message(1));
    await reading;
    const failure = failureOf(response);
    await server.server.stop(1000);
    expect((await failure).reason).to.equal("STOPPING");
  });

  it("end with MALFORMED_MESSAGE at the first bad message", async () => {
    handle = count;
    const raw = server.client.makeClientStreamRequest(
      "/provisioning.v1.InventoryService/ImportSubscriptions",
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      withToken(),
      (error) => raw.emit("done", error),
    );
    raw.on("error", () => {});
    const done = once(raw, "done");
    raw.write(Buffer.from([]));
    raw.write(Buffer.from([0x0a, 0x7f]));
    const [error] = await done;
    const failure = await failureOf(Promise.reject(error));
    expect(failure.reason).to.equal("MALFORMED_MESSAGE");
  });
});
