import { credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import {
  AuthServiceClient,
  AuthServiceService,
} from "../../src/gen/provisioning/v1/auth_service.js";
import {
  type GetSubscriptionRequest,
  InventoryServiceClient,
  InventoryServiceService,
} from "../../src/gen/provisioning/v1/inventory_service.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { withoutToken } from "../../src/rpc/authenticate.js";
import type { CallContext } from "../../src/rpc/call-context.js";
import type { RpcServerOptions } from "../../src/rpc/server.js";
import { call, failureOf } from "../support/rpc-client.js";
import { type RpcTestServer, startRpcServer, withToken } from "../support/rpc-server.js";

const request: GetSubscriptionRequest = {
  subscriptionIdentifier: { identifier: { $case: "id", value: "S-1" } },
};
const subscription = {
  id: "S-1",
  number: "1",
  installedItems: [],
  createdDate: undefined,
  updatedDate: undefined,
};

describe("unary calls", () => {
  let server: RpcTestServer;
  let client: InventoryServiceClient;
  let handle: (call: CallContext, request: GetSubscriptionRequest) => Promise<void>;

  async function start(options: Partial<RpcServerOptions> = {}): Promise<void> {
    server = await startRpcServer((add) => {
      add(InventoryServiceService, {
        async getSubscription(call, request) {
          await handle(call, request);
          return { subscription };
        },
      });
      add(AuthServiceService, { login: async () => ({ token: "t", expireDate: undefined }) });
    }, options);
    client = new InventoryServiceClient(server.address, credentials.createInsecure());
  }

  const get = (options: { metadata?: Metadata; deadline?: number } = {}) =>
    call(client, client.getSubscription, request, options);

  beforeEach(() => {
    handle = async () => {};
  });
  afterEach(async () => {
    client.close();
    await server.server.stop(100);
  });

  it("hands the request to the handler and its response to the caller", async () => {
    await start();
    const seen: unknown[] = [];
    handle = async (call, request) => {
      seen.push(call.method, call.principal.name, call.deadline, request);
    };
    const response = await get();
    expect(response.subscription).to.deep.equal(subscription);
    expect(seen).to.deep.equal([
      "/provisioning.v1.InventoryService/GetSubscription",
      "tester",
      undefined,
      request,
    ]);
  });

  it("tells the handler the caller's deadline", async () => {
    await start();
    let seen: number | undefined;
    handle = async (call) => {
      seen = call.deadline;
    };
    const deadline = Date.now() + 5000;
    await get({ deadline });
    expect(seen).to.be.closeTo(deadline, 100);
  });

  it("takes the scheme of the token in any case", async () => {
    await start();
    const metadata = new Metadata();
    metadata.set("authorization", "bEARER test-token");
    await get({ metadata });
  });

  for (const [value, reason] of [
    [undefined, "TOKEN_MISSING"],
    ["", "TOKEN_MISSING"],
    ["Bearer", "TOKEN_MISSING"],
    ["Basic dGVzdA==", "TOKEN_MISSING"],
    ["Bearer two words", "TOKEN_MISSING"],
    ["Bearer other", "TOKEN_INVALID"],
    [`Bearer ${"x".repeat(2000)}`, "TOKEN_INVALID"],
  ] as const) {
    it(`answers ${reason} to ${value?.slice(0, 20)}`, async () => {
      await start();
      const metadata = new Metadata();
      if (value !== undefined) metadata.set("authorization", value);
      const failure = await failureOf(get({ metadata }));
      expect(failure.code).to.equal("UNAUTHENTICATED");
      expect(failure.reason).to.equal(reason);
      expect(failure.info?.domain).to.equal("ca-provisioning");
    });
  }

  it("lets anyone log in", async () => {
    await start();
    const auth = new AuthServiceClient(server.address, credentials.createInsecure());
    const login = { username: "a", password: "b" };
    const response = await call(auth, auth.login, login, { metadata: new Metadata() });
    auth.close();
    expect(response.token).to.equal("t");
  });

  it("takes calls without a token as local when authentication is off", async () => {
    await start({ authenticate: withoutToken });
    let name = "";
    handle = async ({ principal }) => {
      name = principal.name;
    };
    await get({ metadata: new Metadata() });
    expect(name).to.equal("local");
  });

  it("waits for an authenticator that has to look the token up", async () => {
    await start({
      authenticate: async () => {
        throw ServiceError.of("DATABASE_UNAVAILABLE");
      },
    });
    expect((await failureOf(get())).code).to.equal("UNAVAILABLE");
  });

  it("hides what is wrong inside, from the caller but not from the log", async () => {
    await start();
    handle = async () => {
      throw new TypeError("x is undefined at secret place");
    };
    const failure = await failureOf(get());
    expect(failure.code).to.equal("INTERNAL");
    expect(failure.reason).to.equal("INTERNAL");
    expect(failure.message).to.equal("an internal error; the service's log has the details");
    const [line] = server.log;
    expect(line).to.include({ level: 50, reason: "INTERNAL", principal: "tester" });
    expect(line?.err).to.have.property("message", "x is undefined at secret place");
  });

  it("hides a response that cannot be serialised", async () => {
    await start();
    handle = async () => {
      Object.assign(subscription, { createdDate: { seconds: "x", nanos: 0 } });
    };
    const failure = await failureOf(get());
    Object.assign(subscription, { createdDate: undefined });
    expect(failure.reason).to.equal("INTERNAL");
  });

  it("answers METHOD_NOT_FOUND where there is no handler", async () => {
    await start();
    const list = { pageSize: 0, pageToken: "", provider: "" };
    const failure = await failureOf(call(client, client.listSubscriptions, list));
    expect(failure.code).to.equal("UNIMPLEMENTED");
    expect(failure.reason).to.equal("METHOD_NOT_FOUND");
  });

  it("answers what a handler throws before it waits for anything", async () => {
    await start();
    handle = () => {
      throw ServiceError.of("OVERLOADED");
    };
    expect((await failureOf(get())).reason).to.equal("OVERLOADED");
    expect(server.server.callsInFlight).to.equal(0);
  });

  for (const [messages, details] of [
    [0, "no message in a call of a method that takes one"],
    [2, "more than one message in a call of a method that takes one"],
  ] as const) {
    it(`answers UNIMPLEMENTED to a caller that sends ${messages} messages`, async () => {
      await start();
      let handled = 0;
      handle = async () => {
        handled += 1;
      };
      const failure = await failureOf(sendMany(client, messages));
      expect(failure).to.include({ code: "UNIMPLEMENTED", message: details });
      expect(handled).to.equal(0);
      expect(server.log[0]).to.include({ level: 30, reason: "UNIMPLEMENTED", text: details });
      await get();
    });
  }

  it("turns calls away beyond its bound, and takes the next when there is room", async () => {
    await start({ maxCallsInFlight: 2 });
    const waiting: (() => void)[] = [];
    let bothIn = () => {};
    const full = new Promise<void>((resolve) => {
      bothIn = resolve;
    });
    handle = () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) bothIn();
      });
    const first = [get(), get()];
    await full;
    // Without a token: room comes before everything else.
    const failure = await failureOf(get({ metadata: new Metadata() }));
    expect(failure.code).to.equal("RESOURCE_EXHAUSTED");
    expect(failure.reason).to.equal("OVERLOADED");
    expect(failure.retryInfo?.retryDelay).to.deep.equal({ seconds: 1n, nanos: 0 });
    for (const resolve of waiting) resolve();
    await Promise.all(first);
    handle = async () => {};
    await get();
    expect(server.server.callsInFlight).to.equal(0);
  });

  it("never logs tokens or messages", async () => {
    await start({ slowCallMs: 0 });
    await get();
    await failureOf(get({ metadata: withToken("a-wrong-token") }));
    expect(server.log).to.have.length(2);
    const text = JSON.stringify(server.log);
    expect(text).not.to.include('token"').and.not.to.include("a-wrong-token");
    expect(text).not.to.include("S-1");
    expect(server.log[0]).to.include({ level: 30, status: "OK", principal: "tester" });
    expect(server.log[1]).to.include({ level: 30, reason: "TOKEN_INVALID" });
  });
});

/** A call of a method with one request by a client that takes it for one with many. */
function sendMany(client: InventoryServiceClient, messages: number): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = InventoryServiceService.getSubscription;
  return new Promise((resolve, reject) => {
    const stream = client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      withToken("test-token"),
      (error, response) => (error === null ? resolve(response) : reject(error)),
    );
    for (let i = 0; i < messages; i += 1) stream.write(request);
    stream.end();
  });
}
