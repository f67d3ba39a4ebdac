import { once } from "node:events";
import { connect, constants } from "node:http2";
import { credentials, type Server } from "@grpc/grpc-js";
import { expect } from "chai";
import { HealthClient } from "../../src/gen/grpc/health/v1/health.js";
import { GetSubscriptionRequest } from "../../src/gen/provisioning/v1/inventory_service.js";
import type { OpenService } from "../../src/rpc/server.js";
import { MAX_MESSAGE_BYTES } from "../../src/rpc/server-limits.js";
import {
  GET_REQUEST,
  type InventoryTestServer,
  startInventory,
} from "../support/inventory-server.js";
import { call, callRaw, failureOf } from "../support/rpc-client.js";
import { startRpcServer, TEST_TOKEN } from "../support/rpc-server.js";
import { eventually } from "../support/world/eventually.js";

describe("the gRPC server", () => {
  let server: InventoryTestServer;
  let handle: () => Promise<void>;

  /** Handles calls like this from now on; resolves when the first of them has come. */
  function handled(how: () => Promise<void>): Promise<void> {
    return new Promise((begun) => {
      handle = () => {
        begun();
        return how();
      };
    });
  }

  beforeEach(async () => {
    handle = async () => {};
    server = await startInventory({ get: () => handle() });
  });
  afterEach(() => server.stop());

  const get = () => call(server.client, server.client.getSubscription, GET_REQUEST);

  it("says where it listens", async () => {
    expect(server.address).to.match(/^127\.0\.0\.1:[1-9]\d*$/);
    await get();
  });

  it("listens on IPv6", async () => {
    const { address, server: other } = await startRpcServer(() => {}, {}, "[::1]:0");
    await other.stop(100);
    expect(address).to.match(/^\[::1\]:[1-9]\d*$/);
  });

  for (const address of ["127.0.0.1", "127.0.0.1:99999", ":50051", "[::1:50051", "a b:1", ""]) {
    it(`refuses to listen on "${address}"`, async () => {
      const error = await rejection(startOn(address));
      expect(error.message).to.equal(
        `cannot listen for gRPC on ${address}: it is not of the form host:port`,
      );
    });
  }

  it("says why it cannot listen", async () => {
    const error = await rejection(startOn(server.address));
    expect(error.message).to.include(server.address).and.to.include("EADDRINUSE");
  });

  it("answers calls of unknown methods and services with details", async () => {
    for (const path of ["/provisioning.v1.InventoryService/Nothing", "/a.b.C/D", "/x"]) {
      const failure = await failureOf(callRaw(server.address, path, new Uint8Array()));
      expect(failure.code).to.equal("UNIMPLEMENTED");
      expect(failure.reason).to.equal("METHOD_NOT_FOUND");
    }
  });

  it("logs calls of unknown methods, by a path of bounded length", async () => {
    const { log } = server;
    const before = log.length;
    await failureOf(callRaw(server.address, "/a.b.C/D", new Uint8Array()));
    await failureOf(callRaw(server.address, `/a.b.C/${"x".repeat(3000)}`, new Uint8Array()));
    const [known, long] = log.slice(before);
    expect(known).to.include({
      level: 30,
      msg: "call",
      method: "/a.b.C/D",
      principal: "",
      status: "UNIMPLEMENTED",
      reason: "METHOD_NOT_FOUND",
    });
    expect(known?.peer).to.match(/^127\.0\.0\.1:\d+$/);
    expect(String(long?.method).length).to.be.within(150, 300);
  });

  it("refuses messages over 4 MiB, and goes on", async () => {
    const path = "/provisioning.v1.InventoryService/GetSubscription";
    const failure = await failureOf(
      callRaw(server.address, path, new Uint8Array(MAX_MESSAGE_BYTES + 1)),
    );
    expect(failure.code).to.equal("RESOURCE_EXHAUSTED");
    // By grpc-js itself: nothing here can add a reason.
    expect(failure.reason).to.equal(undefined);
    await get();
  });

  it("survives paths and headers that are not gRPC's", async () => {
    const session = connect(`http://${server.address}`);
    const odd = [
      { ":path": "/\u00e9/\u00ff" },
      { ":path": "/%zz" },
      { "grpc-timeout": "abc" },
      { "content-type": "text/html" },
      { "grpc-encoding": "br" },
    ];
    for (const headers of odd) {
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: "/provisioning.v1.InventoryService/GetSubscription",
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      stream.on("error", () => {});
      stream.end(Buffer.from([1, 0, 0, 0, 1, 0]));
      stream.resume();
      await once(stream, "close");
    }
    session.destroy();
    await get();
  });

  it("answers what is in flight when it stops, and takes no more", async () => {
    let finish = () => {};
    const response = get();
    await handled(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const stopped = server.server.stop(5000);
    finish();
    await response;
    await stopped;
    expect((await failureOf(get())).code).to.equal("UNAVAILABLE");
  });

  it("answers a call whose message comes after the stop began", async () => {
    const session = connect(`http://${server.address}`);
    await once(session, "connect");
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: "/provisioning.v1.InventoryService/GetSubscription",
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${TEST_TOKEN}`,
    });
    // The server has it: it answers pings and streams in the order in which they come.
    await new Promise<void>((resolve) => session.ping(() => resolve()));
    const gone = once(session, "goaway");
    const stopped = server.server.stop(5000);
    await gone;
    const message = GetSubscriptionRequest.encode(GET_REQUEST).finish();
    const trailers = once(stream, "trailers");
    stream.resume();
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
    const [{ "grpc-status": status }] = await trailers;
    expect(status).to.equal("0");
    await stopped;
    session.destroy();
  });

  it("tells those in flight shortly before its time is over", async () => {
    let signal: AbortSignal | undefined;
    await server.stop();
    server = await startInventory({
      get: (context) => {
        signal = context.signal;
        return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
      },
    });
    const response = get();
    await eventually(
      "the call",
      async () => signal,
      (seen) => seen !== undefined,
    );
    await server.server.stop(1200);
    expect(signal?.reason).to.have.property("reason", "STOPPING");
    await response;
  });

  it("cuts off what is in flight when its time to stop is over", async () => {
    const failure = failureOf(get());
    await handled(() => new Promise(() => {}));
    const before = performance.now();
    await server.server.stop(100);
    expect(performance.now() - before).to.be.within(80, 2000);
    expect((await failure).code).to.be.oneOf(["CANCELLED", "UNAVAILABLE"]);
  });

  it("closes the streams of open services when it stops", async () => {
    const closed: string[] = [];
    const service: OpenService = {
      addTo: (grpc: Server) => expect(grpc).to.be.an("object"),
      close: () => closed.push("closed"),
    };
    server.server.addOpen(service);
    const health = new HealthClient(server.address, credentials.createInsecure());
    const watch = health.watch({ service: "" });
    watch.on("error", () => {});
    await once(watch, "data");
    const before = performance.now();
    await server.server.stop(5000);
    health.close();
    expect(closed).to.deep.equal(["closed"]);
    expect(performance.now() - before).to.be.below(2000);
  });

  async function startOn(address: string): Promise<void> {
    const { server: other } = await startRpcServer(() => {}, {}, address);
    await other.stop(100);
  }
});

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
