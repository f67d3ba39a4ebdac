import { type EventEmitter, once } from "node:events";
import { Server } from "@grpc/grpc-js";
import { expect } from "chai";
import { ForgetfulMap } from "../../src/memory/forgetful-map.js";
import { releaseStreams } from "../../src/rpc/release-streams.js";
import {
  GET_REQUEST,
  type InventoryTestServer,
  startInventory,
} from "../support/inventory-server.js";
import { call } from "../support/rpc-client.js";

/** What a later Node or grpc-js may name otherwise: the service works without, but costs more. */
describe("the streams of a session", () => {
  let server: InventoryTestServer;
  let bound: Server | undefined;
  let handle: () => Promise<void>;
  const { bindAsync } = Server.prototype;

  beforeEach(async () => {
    Server.prototype.bindAsync = function (...bind) {
      bound = this;
      bindAsync.apply(this, bind);
    };
    server = await startInventory({ get: () => handle() });
  });

  afterEach(async () => {
    Server.prototype.bindAsync = bindAsync;
    await server.stop();
  });

  it("are kept where nothing holds what is over", async () => {
    const sessions = once(listeningOf(bound), "session");
    let closed: Promise<unknown> | undefined;
    let open = 0;
    handle = async () => {
      const streams = streamsOf((await sessions)[0]);
      open = streams.size;
      const [stream] = streams.values();
      closed = once(stream as EventEmitter, "close");
    };
    await call(server.client, server.client.getSubscription, GET_REQUEST);
    await closed;
    expect([open, streamsOf((await sessions)[0]).size]).to.deep.equal([1, 0]);
  });

  it("end with their session", async () => {
    const begun = new Promise<void>((resolve) => {
      handle = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const sessions = once(listeningOf(bound), "session");
    const answered = call(server.client, server.client.getSubscription, GET_REQUEST);
    const failed = answered.catch((error: unknown) => error);
    await begun;
    const [session] = await sessions;
    const closed = once(session, "close");
    session.destroy();
    await closed;
    expect(streamsOf(session).size).to.equal(0);
    expect(await failed).to.be.an("error");
  });

  it("stay as they are in a server of another form", () => {
    for (const other of [{}, { http2Servers: [] }, { http2Servers: new Map([["a", "b"]]) }]) {
      expect(() => releaseStreams(other as unknown as Server)).not.to.throw();
    }
  });
});

function listeningOf(server: Server | undefined): EventEmitter {
  const { http2Servers } = server as unknown as { http2Servers: Map<EventEmitter, unknown> };
  const [listening] = http2Servers.keys();
  if (listening === undefined) throw new Error("grpc-js has its HTTP/2 servers elsewhere");
  return listening;
}

function streamsOf(session: object): ForgetfulMap<number, unknown> {
  const own = Object.getOwnPropertySymbols(session).find(
    ({ description }) => description === "state",
  );
  const state = own && (session as Record<symbol, { streams: unknown } | undefined>)[own];
  if (!(state?.streams instanceof ForgetfulMap)) throw new Error("Node has its streams elsewhere");
  return state.streams;
}
