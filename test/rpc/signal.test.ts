import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { ServiceError } from "../../src/requests/service-error.js";
import type { CallContext } from "../../src/rpc/call-context.js";
import {
  GET_REQUEST,
  type InventoryTestServer,
  startInventory,
} from "../support/inventory-server.js";
import { call, failureOf } from "../support/rpc-client.js";
import { eventually } from "../support/world/eventually.js";

describe("the signal of a call", () => {
  let server: InventoryTestServer;
  let handle: (call: CallContext) => Promise<void>;
  /** Resolves when a call has come to its handler. */
  let inHandler: Promise<void>;

  beforeEach(async () => {
    let came = () => {};
    inHandler = new Promise((resolve) => {
      came = resolve;
    });
    server = await startInventory({
      get(call) {
        const work = handle(call);
        came();
        return work;
      },
    });
  });
  afterEach(() => server.stop());

  const get = (options: { deadline?: number } = {}) =>
    call(server.client, server.client.getSubscription, GET_REQUEST, options);

  /** Resolves with why the signal of the next call was aborted. */
  const aborted = () =>
    new Promise<unknown>((resolve) => {
      handle = (call) =>
        new Promise((end) => {
          call.signal.addEventListener("abort", () => {
            resolve(call.signal.reason);
            end();
          });
        });
    });

  it("is aborted when the caller cancels", async () => {
    const reason = aborted();
    const inFlight = get();
    const failure = failureOf(inFlight);
    await inHandler;
    inFlight.cancel();
    expect(await reason)
      .to.be.instanceOf(ServiceError)
      .with.property("reason", "CALL_CANCELLED");
    expect((await failure).code).to.equal("CANCELLED");
  });

  it("is aborted when the deadline passes", async () => {
    const reason = aborted();
    const failure = failureOf(get({ deadline: Date.now() + 100 }));
    const error = await reason;
    expect(error).to.be.instanceOf(ServiceError);
    expect((await failure).code).to.equal("DEADLINE_EXCEEDED");
  });

  it("is aborted when the server stops, and the call can still be answered", async () => {
    const reason = aborted();
    const response = get();
    await inHandler;
    await server.server.stop(1000);
    expect(await reason)
      .to.be.instanceOf(ServiceError)
      .with.property("reason", "STOPPING");
    await response;
  });

  it("is aborted already when the caller went before anyone asked", async () => {
    let seen: (signal: AbortSignal) => void = () => {};
    const signal = new Promise<AbortSignal>((resolve) => {
      seen = resolve;
    });
    handle = async (call) => {
      await eventually("a caller that is gone", async () => call.gone, Boolean);
      seen(call.signal);
    };
    await failureOf(get({ deadline: Date.now() + 30 }));
    expect((await signal).aborted).to.equal(true);
  });

  it("stays as it is after the answer", async () => {
    let seen: AbortSignal | undefined;
    handle = async (call) => {
      seen = call.signal;
    };
    const deadline = Date.now() + 60;
    await get({ deadline });
    const answered = seen;
    // A call of the same deadline: once that has passed for it, it has passed for the first.
    const reason = aborted();
    await Promise.all([failureOf(get({ deadline: deadline + 20 })), reason]);
    expect(answered?.aborted).to.equal(false);
  });

  it("gives what it stopped its own reason", async () => {
    handle = async ({ signal }) => {
      await sleep(10_000, undefined, { signal });
    };
    const response = get();
    const failure = failureOf(response);
    await inHandler;
    await server.server.stop(1000);
    expect(await failure).to.include({ code: "UNAVAILABLE", reason: "STOPPING" });
  });

  it("does not excuse what was aborted for another reason", async () => {
    handle = async () => {
      await sleep(10_000, undefined, { signal: AbortSignal.abort() });
    };
    expect((await failureOf(get())).reason).to.equal("INTERNAL");
  });

  it("leaves no timer and no listener behind", async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    handle = async ({ signal }) => signal.throwIfAborted();
    await get();
    const before = timers();
    for (let i = 0; i < 50; i++) await get();
    expect(timers()).to.be.at.most(before);
  });

  it("need not be asked for by a call that was gone before it began", async () => {
    await server.stop();
    let begun = false;
    server = await startInventory(
      {
        get: async () => {
          begun = true;
        },
      },
      { authenticate: () => sleep(100, { name: "slow" }) },
    );
    await failureOf(get({ deadline: Date.now() + 30 }));
    while (server.server.callsInFlight > 0) await sleep(5);
    expect(begun).to.equal(false);
  });

  it("need not be made to see that the caller is gone, or that the server stops", async () => {
    /** Resolves with the next call, in its handler, and with what lets it end. */
    const taken = () =>
      new Promise<{ context: CallContext; end: () => void }>((resolve) => {
        handle = (context) => new Promise((end) => resolve({ context, end }));
      });
    let taking = taken();
    const inFlight = get();
    const failure = failureOf(inFlight);
    const first = await taking;
    expect(first.context.gone).to.equal(undefined);
    inFlight.cancel();
    while (first.context.gone === undefined) await sleep(1);
    expect(first.context.gone).to.have.property("reason", "CALL_CANCELLED");
    await failure;
    first.end();
    taking = taken();
    const response = get();
    const second = await taking;
    const stopped = server.server.stop(1000, AbortSignal.abort());
    expect(second.context.gone).to.have.property("reason", "STOPPING");
    second.end();
    await Promise.all([response, stopped]);
  });

  it("has its end logged with who went", async () => {
    handle = () => sleep(80);
    await failureOf(get({ deadline: Date.now() + 30 }));
    while (server.server.callsInFlight > 0) await sleep(5);
    expect(server.log[0])
      .to.have.property("reason")
      .that.is.oneOf(["DEADLINE_EXCEEDED", "CALL_CANCELLED"]);
  });
});
