import { expect } from "chai";
import type { CaCommand, ConnectOptions } from "../../../../src/adapters/ca-adapter.js";
import { ManualClock } from "../../../support/manual-clock.js";
import { counterDesk } from "./counter-desk.js";
import { ScriptedHttpPeer } from "./scripted-http-peer.js";

const command = (transaction: number): CaCommand => ({
  transaction,
  caId: "CARD-1",
  subscriptionNumber: "S-1",
  command: { type: "REAUTHORISE_ALL_SERVICES" },
});

const WELCOME = '{"state":"welcome","token":"t-1","last":7}';
const DONE = '{"state":"done","receipt":"R-1"}';

const withoutLogin = (text: string) =>
  text
    .replace(/^ {2}login:.*?(?=^commands)/ms, "  min_gap_ms: 0\n")
    .replaceAll('    headers: { X-Token: "{session.token}" }\n', "");
const withKeepAlive = (text: string) =>
  text.replace("session:\n", "session:\n  keep_alive: { send: hello, alive: { status: 200 } }\n");

describe("profile http: sessions", () => {
  let peer: ScriptedHttpPeer;
  let clock: ManualClock;
  beforeEach(async () => {
    peer = await ScriptedHttpPeer.listen();
    clock = new ManualClock();
  });
  afterEach(() => peer.stop());

  async function open(
    change?: (text: string) => string,
    options: Partial<Pick<ConnectOptions, "maySend" | "onLateAnswer">> = {},
    welcome = WELCOME,
  ) {
    const configured = counterDesk(change).configure({
      host: "127.0.0.1",
      port: peer.port,
      user: "desk",
      password: "pst",
      response_timeout_ms: 1_000,
    });
    if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
    const attempt = configured.adapter.connect({
      slot: 0,
      epoch: 1,
      clock,
      signal: new AbortController().signal,
      maySend: () => true,
      onLateAnswer: () => undefined,
      ...options,
    });
    if (change !== withoutLogin) (await peer.request()).answer(200, welcome);
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    return result.session;
  }

  it("send what the login gave, and keep the connection between requests", async () => {
    const session = await open();
    for (const number of [1, 2]) {
      const delivery = session.send(command(number));
      const request = await peer.request();
      expect(request.headers).to.include({ "x-token": "t-1", "x-tenant": "blue" });
      request.answer(200, DONE);
      expect(await delivery).to.deep.include({
        outcome: { kind: "accepted", reference: "R-1" },
        response: "refresh status=200 state=done receipt=R-1",
      });
    }
    expect(peer.connections).to.equal(1);
    await session.close(new AbortController().signal);
    await peer.idle();
    expect(clock.pending).to.equal(0);
  });

  it("give back at once what has not left when they are closed, and await the rest", async () => {
    const session = await open((text) =>
      text.replace("session:\n", "session:\n  min_gap_ms: 50\n"),
    );
    const sendings = [1, 2, 3].map((number) => session.send(command(number)));
    const request = await peer.request();
    const closed = session.close(new AbortController().signal);
    const unsent = await Promise.all(sendings.slice(1));
    expect(unsent.map(({ outcome }) => outcome.kind)).to.deep.equal(["unavailable", "unavailable"]);
    request.answer(200, DONE);
    expect((await sendings[0])?.outcome.kind).to.equal("accepted");
    await closed;
    expect(clock.pending).to.equal(0);
  });

  it("need no login", async () => {
    const session = await open(withoutLogin);
    expect(session.lastTransaction).to.equal(0);
    const delivery = session.send(command(1));
    (await peer.request()).answer(200, DONE);
    expect((await delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });

  const answers: readonly (readonly [string, number, string, object])[] = [
    [
      "every step done",
      200,
      '{"steps":[{"state":"done"},{"state":"done"}],"receipt":{"no":1}, "id":"R"}',
      { kind: "accepted", reference: "R" },
    ],
    [
      "one step not done",
      200,
      '{"steps":[{"state":"done"},{"state":"failed"}]}',
      { kind: "unknown", text: "the CA system answered refresh, which no rule knows" },
    ],
    [
      "no JSON",
      200,
      "<html>",
      { kind: "unknown", text: "the CA system answered refresh, which no rule knows" },
    ],
    ["a refusal without words", 404, "", { kind: "rejected", code: "404", text: "" }],
    [
      "control characters",
      500,
      '{"error":{"text":"a\\u0000b"}}',
      { kind: "failed", code: "500", text: "a\u{FFFD}b" },
    ],
    ["a time that is none", 503, "", { kind: "busy", retryAfterMs: 10 }],
  ];
  for (const [name, status, body, outcome] of answers) {
    it(`know what ${name} means`, async () => {
      const session = await open();
      const delivery = session.send(command(1));
      (await peer.request()).answer(status, body);
      expect((await delivery).outcome).to.deep.equal(outcome);
      await session.close(AbortSignal.abort());
    });
  }

  it("end with an answer that is too long", async () => {
    const session = await open();
    const delivery = session.send(command(1));
    (await peer.request()).answer(200, JSON.stringify({ state: "x".repeat(5_000) }));
    expect((await delivery).outcome).to.deep.equal({
      kind: "unknown",
      text: "no answer: an answer of more than 2000 bytes",
    });
    expect(await session.closed).to.match(/2000 bytes/);
    expect(clock.pending).to.equal(0);
  });

  it("end when nobody is logged in any more, the others first", async () => {
    const session = await open();
    const first = session.send(command(1));
    const one = await peer.request();
    const second = session.send(command(2));
    const two = await peer.request();
    one.answer(401, '{"error":{"text":"who?"}}');
    expect((await first).outcome).to.deep.equal({
      kind: "unavailable",
      text: "not logged in: who?",
    });
    expect((await session.send(command(3))).outcome.kind).to.equal("unavailable");
    two.answer(200, DONE);
    expect((await second).outcome.kind).to.equal("accepted");
    expect(await session.closed).to.equal("not logged in: who?");
    expect(clock.pending).to.equal(0);
  });

  it("end when it is told late that nobody is logged in any more, and nothing is under way", async () => {
    const late: string[] = [];
    const session = await open(undefined, {
      onLateAnswer: (_, { outcome }) => late.push(outcome.kind),
    });
    const delivery = session.send(command(1));
    const request = await peer.request();
    clock.advance(1_000);
    expect((await delivery).outcome.kind).to.equal("unknown");
    request.answer(401, '{"error":{"text":"who?"}}');
    expect(await session.closed).to.equal("not logged in: who?");
    expect(late).to.deep.equal(["unavailable"]);
    expect(clock.pending).to.equal(0);
  });

  it("send nothing of what waits for its turn after one has failed on its way", async () => {
    const session = await open((text) =>
      text.replace("session:\n", "session:\n  min_gap_ms: 50\n"),
    );
    const sendings = [1, 2, 3].map((number) => session.send(command(number)));
    (await peer.request()).cut();
    expect((await sendings[0])?.outcome.kind).to.equal("unknown");
    clock.advance(50);
    const unsent = await Promise.all(sendings.slice(1));
    expect(unsent.map(({ outcome }) => outcome.kind)).to.deep.equal(["unavailable", "unavailable"]);
    expect(await session.closed).to.match(/ECONNRESET/);
    expect(clock.pending).to.equal(0);
  });

  it("send nothing when another process may have taken over while a connection was made", async () => {
    let maySend = true;
    const session = await open(withoutLogin, { maySend: () => maySend });
    const kept = session.send(command(1));
    maySend = false;
    expect((await kept).outcome).to.deep.equal({
      kind: "unavailable",
      text: "not sent: another process may have taken over",
    });
    maySend = true;
    const next = session.send(command(2));
    const request = await peer.request();
    expect(JSON.parse(request.body)).to.include({ number: 2 });
    request.answer(200, DONE);
    expect((await next).outcome.kind).to.equal("accepted");
    await session.close(new AbortController().signal);
    expect(clock.pending).to.equal(0);
  });

  it("do not let one broken connection take the others' answers", async () => {
    const session = await open();
    const first = session.send(command(1));
    const one = await peer.request();
    const second = session.send(command(2));
    const two = await peer.request();
    one.cut();
    expect((await first).outcome.kind).to.equal("unknown");
    two.answer(200, DONE);
    expect((await second).outcome.kind).to.equal("accepted");
    expect(await session.closed).to.match(/ECONNRESET/);
  });

  it("know that nothing left when the CA system takes no connection", async () => {
    const session = await open();
    peer.cut();
    await peer.idle();
    await peer.stop();
    const { outcome } = await session.send(command(1));
    // The connection that was kept may still be tried first; then its bytes may have left.
    expect(outcome.kind).to.be.oneOf(["unavailable", "unknown"]);
    await session.closed;
    expect(clock.pending).to.equal(0);
    peer = await ScriptedHttpPeer.listen();
  });

  it("go on after a command without an answer when the CA system takes a connection", async () => {
    const session = await open();
    const delivery = session.send(command(1));
    await peer.request();
    clock.advance(1_000);
    expect((await delivery).outcome).to.deep.equal({
      kind: "unknown",
      text: "no answer within 1000 ms",
    });
    const next = session.send(command(2));
    (await peer.request()).answer(200, DONE);
    expect((await next).outcome.kind).to.equal("accepted");
    await session.close(new AbortController().signal);
    expect(clock.pending).to.equal(0);
  });

  it("end when what the login gave cannot be said, for which no command is to blame", async () => {
    const session = await open(undefined, {}, WELCOME.replace("t-1", "t-\u2603"));
    const { outcome } = await session.send(command(1));
    const why = "refresh: a value has a character that headers have not";
    expect(outcome).to.deep.equal({ kind: "unavailable", text: `not sent: ${why}` });
    expect(await session.closed).to.equal(why);
    expect(peer.requests).to.have.length(1);
    expect(clock.pending).to.equal(0);
  });

  it("ask for nothing more when they end with a command that is not answered in time", async () => {
    const session = await open(withKeepAlive);
    const delivery = session.send(command(1));
    await peer.request();
    const closed = session.close(new AbortController().signal);
    clock.advance(1_000);
    expect((await delivery).outcome.kind).to.equal("unknown");
    await closed;
    expect(clock.pending).to.equal(0);
    await peer.idle();
    expect(peer.requests).to.have.length(2);
  });

  it("ask for a sign of life after silence, and end without one", async () => {
    const session = await open(withKeepAlive);
    clock.advance(29_999);
    expect(peer.requests).to.have.length(1);
    clock.advance(1);
    const asked = await peer.request();
    expect(asked.url).to.contain("/session");
    asked.answer(503, "");
    expect(await session.closed).to.equal("the CA system answered hello status=503");
    expect(clock.pending).to.equal(0);
  });
});
