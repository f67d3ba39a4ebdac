import { type EventEmitter, once } from "node:events";
import { type ClientHttp2Session, connect, type ServerHttp2Session } from "node:http2";
import { promisify } from "node:util";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { expect } from "chai";
import { ForgetfulMap } from "../../src/memory/forgetful-map.js";
import { releaseStreams } from "../../src/rpc/release-streams.js";

const PATH = "/test.v1.Test/Wait";

/** What a later Node or grpc-js may name otherwise: the service works without, but costs more. */
describe("the streams of a session", () => {
  let server: Server;
  let client: ClientHttp2Session;
  let streams: unknown;
  let answer: Promise<() => void>;

  beforeEach(async () => {
    server = new Server();
    const asItIs = (bytes: Buffer) => bytes;
    const method = {
      path: PATH,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    };
    answer = new Promise((begun) => {
      const wait = (_call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) =>
        begun(() => respond(null, Buffer.alloc(1)));
      server.addService({ wait: method }, { wait });
    });
    const bind = promisify(server.bindAsync.bind(server));
    const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
    releaseStreams(server);
    const [listening] = listeningOf(server);
    if (listening === undefined) throw new Error("grpc-js has its HTTP/2 servers elsewhere");
    const sessions = once(listening, "session");
    client = connect(`http://127.0.0.1:${port}`);
    client.on("error", () => undefined);
    streams = streamsOf((await sessions)[0]);
  });

  afterEach(() => {
    client.destroy();
    server.forceShutdown();
  });

  it("are kept where nothing holds what is over", async () => {
    if (!(streams instanceof ForgetfulMap)) throw new Error("Node has its streams elsewhere");
    expect(streams.size).to.equal(0);
    const stream = callOn(client);
    const respond = await answer;
    expect([...streams.keys()]).to.deep.equal([stream.id]);
    const [atServer] = streams.values();
    const closed = once(atServer, "close");
    respond();
    stream.resume();
    await closed;
    expect(streams.size).to.equal(0);
  });

  it("end with their session", async () => {
    const stream = callOn(client);
    stream.on("error", () => undefined);
    await answer;
    const closed = new Promise((resolve) => stream.once("close", resolve));
    server.forceShutdown();
    await closed;
    expect(stream.destroyed).to.equal(true);
  });

  it("stay as they are in a server of another form", () => {
    expect(() => releaseStreams({} as Server)).not.to.throw();
  });
});

function callOn(client: ClientHttp2Session) {
  const stream = client.request({
    ":method": "POST",
    ":path": PATH,
    te: "trailers",
    "content-type": "application/grpc",
  });
  stream.end(Buffer.from([0, 0, 0, 0, 1, 7]));
  return stream;
}

function listeningOf(server: Server): EventEmitter[] {
  const { http2Servers } = server as unknown as { http2Servers: Map<EventEmitter, unknown> };
  return [...http2Servers.keys()];
}

function streamsOf(session: ServerHttp2Session): unknown {
  const own = Object.getOwnPropertySymbols(session).find(
    ({ description }) => description === "state",
  );
  if (own === undefined) throw new Error("Node has the state of a session elsewhere");
  return (session as unknown as Record<symbol, { streams: unknown }>)[own]?.streams;
}
