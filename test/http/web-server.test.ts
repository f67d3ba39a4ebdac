import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect } from "chai";
import { CallGate } from "../../src/calls/call-gate.js";
import type { WebServerOptions } from "../../src/http/web-server.js";
import type { ProvisioningRequest } from "../../src/requests/provisioning-request.js";
import type { RequestStore } from "../../src/store/request-store.js";
import { TEST_TOKEN } from "../support/rpc-server.js";
import { JSON_BODY, LIST, REAUTHORISE, SHOW } from "../support/web-client.js";
import { startWebServer, storedRequest, type WebTestServer } from "../support/web-server.js";
import { eventually, inTime } from "../support/world/eventually.js";

/** A store whose answers a test gives when it wants to. */
class HeldStore {
  readonly asked: ((request: ProvisioningRequest | undefined) => void)[] = [];

  get: RequestStore["get"] = () => new Promise((resolve) => this.asked.push(resolve));

  /** Resolves when so many calls have come as far as the store. */
  async reached(count: number): Promise<void> {
    await eventually(
      `${count} calls at the store`,
      async () => this.asked.length,
      (length) => length >= count,
    );
  }

  answerAll(): void {
    for (const answer of this.asked.splice(0)) answer(storedRequest());
  }
}

describe("the HTTP server", () => {
  let running: WebTestServer | undefined;
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await running?.server.stop();
    running = undefined;
  });

  async function start(
    store: Partial<RequestStore>,
    options: Partial<WebServerOptions> = {},
  ): Promise<WebTestServer> {
    running = await startWebServer(store, options);
    running.open();
    return running;
  }

  /** A connection, and what comes over it until it is closed. */
  function dial(address: string): { socket: Socket; all: Promise<string> } {
    const [host = "", port = ""] = address.split(":");
    const socket = connect(Number(port), host);
    sockets.push(socket);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    const closed = new Promise<string>((resolve) => {
      socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
    });
    return { socket, all: inTime("the connection to be closed", closed) };
  }

  /** What a probe on a connection of its own is answered. */
  function probe(address: string): Promise<string> {
    const { socket, all } = dial(address);
    socket.write("GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    return all;
  }

  const show = (more = "") =>
    `GET ${SHOW}?number=1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${TEST_TOKEN}\r\n${more}\r\n`;

  it("answers probes before it takes calls, and calls that it is starting", async () => {
    running = await startWebServer({});
    expect((await fetch(`http://${running.address}/livez`)).status).to.equal(200);
    const answer = await running.client.get(SHOW, { number: "1" });
    expect(answer).to.include({ http: 503, code: "STARTING" });
    expect(answer.headers.get("retry-after")).to.equal("1");
    expect(running.log[0]).to.include({ level: 40, method: `GET ${SHOW}`, reason: "STARTING" });
  });

  it("answers OVERLOADED when no more calls have room", async () => {
    const store = new HeldStore();
    const { client, log } = await start(store, { gate: new CallGate(1) });
    const first = client.get(SHOW, { number: "1" });
    await store.reached(1);
    const second = await client.get(SHOW, { number: "1" });
    expect(second).to.include({ http: 429, code: "OVERLOADED" });
    expect(second.headers.get("retry-after")).to.equal("1");
    store.answerAll();
    expect((await first).http).to.equal(200);
    expect(log).to.have.lengthOf(1);
    expect(log[0]).to.include({ level: 40, reason: "OVERLOADED", method: `GET ${SHOW}` });
  });

  it("answers a call at its deadline, and drops what comes after", async () => {
    const store = new HeldStore();
    const { client, clock, gate, log } = await start(store);
    const late = client.get(SHOW, { number: "1" });
    await store.reached(1);
    clock.advance(9999);
    clock.advance(1);
    expect(await late).to.include({ http: 504, code: "DEADLINE_EXCEEDED" });
    expect(gate.inFlight).to.equal(1);
    store.answerAll();
    await eventually(
      "the place",
      async () => gate.inFlight,
      (inFlight) => inFlight === 0,
    );
    expect(log.map(({ reason }) => reason)).to.deep.equal(["DEADLINE_EXCEEDED"]);
    expect(clock.pending).to.equal(0);
  });

  it("logs a caller that hung up, by its call and without its query", async () => {
    const store = new HeldStore();
    const { address, log } = await start(store, { limits: { connections: 1 } });
    const { socket, all } = dial(address);
    socket.write(`GET ${SHOW}?number=1&token=${TEST_TOKEN} HTTP/1.1\r\nhost: a\r\n\r\n`);
    await store.reached(1);
    socket.destroy();
    await all;
    // There is room for one connection: when another is answered, this one has gone.
    await eventually(
      "a probe",
      () => probe(address),
      (answer) => answer !== "",
    );
    store.answerAll();
    await eventually(
      "the log",
      async () => log.length,
      (lines) => lines > 0,
    );
    expect(log[0]).to.include({ reason: "CALL_CANCELLED", principal: "tester" });
    expect(JSON.stringify(log)).not.to.contain(TEST_TOKEN);
  });

  it("tells nothing of what it did not expect, but to the log", async () => {
    const { client, log } = await start({
      get: async () => {
        throw new Error("inner workings");
      },
    });
    const answer = await client.get(SHOW, { number: "1" });
    expect(answer).to.include({ http: 500, code: "INTERNAL" });
    expect(JSON.stringify(answer.body)).not.to.contain("inner");
    expect(log[0]).to.include({ level: 50, reason: "INTERNAL" });
    expect(JSON.stringify(log[0])).to.contain("inner workings");
  });

  it("keeps a connection for further calls, and lets go of one that is idle", async () => {
    const { address } = await start(
      { get: async () => storedRequest() },
      { limits: { keepAliveTimeoutMs: 50 } },
    );
    const { socket, all } = dial(address);
    socket.write(show() + show());
    expect((await all).match(/HTTP\/1.1 200/g)).to.have.lengthOf(2);
  });

  it("cuts off who sends headers or a body too slowly, with an answer", async () => {
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200 };
    const { address } = await start({}, { limits });
    const slowHeaders = dial(address);
    slowHeaders.socket.write("GET /livez HTTP/1.1\r\nhost: a\r\n");
    const slowBody = dial(address);
    slowBody.socket.write(
      `POST ${REAUTHORISE} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    for (const { all } of [slowHeaders, slowBody]) {
      expect(await all).to.match(/^HTTP\/1.1 408 .*"REQUEST_TIMEOUT"/s);
    }
  });

  it("cuts off who does not take a large answer", async () => {
    const request = storedRequest("x".repeat(200_000));
    let asked = 0;
    const { address, clock } = await start({
      list: async () => {
        asked += 1;
        return Array(10).fill(request);
      },
    });
    const { socket, all } = dial(address);
    socket.pause();
    const list = `GET ${LIST} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${TEST_TOKEN}\r\n\r\n`;
    // More than the kernel takes off the server's hands.
    socket.write(list.repeat(20));
    let before = -1;
    const isStuck = async () => {
      const same = asked === before;
      before = asked;
      return same && asked > 0 && clock.pending > 0;
    };
    await eventually("an answer that is not taken", isStuck, Boolean);
    clock.advance(30_000);
    socket.resume();
    expect((await all).length).to.be.below(20 * 2_000_000);
    expect(clock.pending).to.equal(0);
  });

  it("ends a page of a list before it gets too large", async () => {
    const request = storedRequest("x".repeat(200_000));
    const { client } = await start({ list: async () => Array(30).fill(request) });
    const { data } = await client.get(LIST, { number_of_results: "40" });
    expect(data.provisioning_requests).to.have.lengthOf(15);
    expect(data.more).to.equal(true);
  });

  it("closes connections beyond its limit", async () => {
    const { address } = await start({}, { limits: { connections: 1 } });
    const first = dial(address);
    await once(first.socket, "connect");
    expect(await dial(address).all).to.equal("");
    first.socket.destroy();
    await eventually(
      "room",
      () => probe(address),
      (answer) => answer !== "",
    );
  });

  it("drained, has answered what was under way, and takes no more", async () => {
    const store = new HeldStore();
    const { server, address, client, gate } = await start(store);
    const idle = dial(address);
    idle.socket.write("GET /livez HTTP/1.1\r\nhost: a\r\n\r\n");
    await once(idle.socket, "data");
    const busy = dial(address);
    busy.socket.write(show());
    await store.reached(1);
    let drained = false;
    const draining = server.drain(20_000).then(() => {
      drained = true;
    });
    await idle.all;
    // What comes in the meantime on a new connection is answered as well.
    const late = client.get(SHOW, { number: "1" });
    await store.reached(2);
    expect(drained).to.equal(false);
    store.answerAll();
    expect(await busy.all).to.match(/^HTTP\/1.1 200 .*connection: close/s);
    expect((await late).http).to.equal(200);
    await inTime("the drain", draining);
    expect(await client.get(SHOW, { number: "1" })).to.include({ http: 503, code: "STOPPING" });
    expect((await fetch(`http://${address}/livez`)).status).to.equal(200);
    expect(gate.isStopping).to.equal(false);
  });

  it("drained at once, tells calls under way and waits no longer than it may", async () => {
    const store = new HeldStore();
    const { server, client, gate } = await start(store);
    const call = client.get(SHOW, { number: "1" });
    await store.reached(1);
    await inTime("the drain", server.drain(100, AbortSignal.abort()));
    expect(gate.isStopping).to.equal(true);
    const ended = call.catch((error: Error) => error.message);
    await server.stop();
    expect(await ended).to.equal("fetch failed");
    store.answerAll();
  });

  it("refuses a body of the wrong length", async () => {
    const { address } = await start({});
    const { socket, all } = dial(address);
    const headers = Object.entries(JSON_BODY).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `POST ${REAUTHORISE} HTTP/1.1\r\nhost: a\r\n${headers.join("")}content-length: x\r\n\r\n{}`,
    );
    expect(await all).to.match(/^HTTP\/1.1 400 .*"BAD_REQUEST"/s);
  });

  it("refuses a request without Host in the envelope, where HTTP asks for one", async () => {
    const { address } = await start({ get: async () => storedRequest() });
    const line = (version: string) => `GET ${SHOW}?number=1 HTTP/${version}\r\n`;
    const without = dial(address);
    without.socket.write(`${line("1.1")}authorization: Bearer ${TEST_TOKEN}\r\n\r\n`);
    expect(await without.all).to.match(/^HTTP\/1.1 400 .*"BAD_REQUEST".*Host/s);
    const old = dial(address);
    old.socket.write(`${line("1.0")}authorization: Bearer ${TEST_TOKEN}\r\n\r\n`);
    expect(await old.all).to.match(/^HTTP\/1.1 200 .*"OK"/s);
  });

  it("answers a call that expects what no server has, as any other", async () => {
    const { address } = await start({ get: async () => storedRequest() });
    const { socket, all } = dial(address);
    socket.write(show().replace("\r\n\r\n", "\r\nexpect: foo\r\nconnection: close\r\n\r\n"));
    expect(await all).to.match(/^HTTP\/1.1 200 .*"OK"/s);
  });
});
