import { expect } from "chai";
import type { CaCommand, Delivery } from "../../../../src/adapters/ca-adapter.js";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { ManualClock } from "../../../support/manual-clock.js";
import { type PeerConnection, ScriptedPeer } from "../../../support/scripted-peer.js";
import { profileText } from "../made-up/compiled.js";
import { line } from "../made-up/semaphore-peer.js";

const command = (transaction: number): CaCommand => ({
  transaction,
  caId: "CARD-1",
  subscriptionNumber: "S-1",
  command: { type: "REAUTHORISE_ALL_SERVICES" },
});

const LOGIN = /^ {2}login:.*?^ {2}keep_alive/ms;
const KEEP_ALIVE = /^ {2}keep_alive:.*$/m;

/** The profile with a mark that the login's answer gives, and a message that says it again. */
const marked = (text: string, says: string): string =>
  text
    .replace("  number: {", '  mark: { form: text, encoding: ascii, ends: ";" }\n  number: {')
    .replace("receive: { number: required }", "receive: { number: required, mark: required }")
    .replace("last_transaction: number", "last_transaction: number, remember: [mark]")
    .replace("  poll:", '  tell:\n    type: TELL\n    send: { mark: "{session.mark}" }\n  poll:')
    .replace(KEEP_ALIVE, says);

/** The profile with a message of 24 bytes, which is the most, up to number 9: the login's. */
const brimful = (text: string): string =>
  text
    .replace("max: 400", "max: 24")
    .replace("from: 1,", "from: 9,")
    .replace(
      "    type: POLL\n    send: {}",
      '    type: POLL\n    send: { note: "fifteen letters" }',
    );

describe("profile sessions", () => {
  let peer: ScriptedPeer;
  let clock: ManualClock;
  let late: { readonly transaction: number; readonly delivery: Delivery }[];
  let dropped: string[];
  beforeEach(async () => {
    peer = await ScriptedPeer.listen((bytes) => {
      const end = bytes.indexOf(3);
      return end < 0 ? undefined : end + 1;
    });
    clock = new ManualClock();
    late = [];
    dropped = [];
  });
  afterEach(() => peer.stop());

  /** An attempt to open a session of a profile, and the other end of its connection. */
  async function connect(text: string) {
    const { value: protocol, faults } = profileProtocol("semaphore", "p.yaml", text);
    if (protocol === undefined) throw new Error(JSON.stringify(faults));
    const configured = protocol.configure({
      host: "127.0.0.1",
      port: peer.port,
      station: "north",
      code_word: "pst",
      response_timeout_ms: 1_000,
    });
    if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
    const attempt = configured.adapter.connect({
      slot: 0,
      epoch: 1,
      clock,
      signal: new AbortController().signal,
      maySend: () => true,
      onLateAnswer: (transaction, delivery) => late.push({ transaction, delivery }),
      onDroppedAnswer: (why) => dropped.push(why),
    });
    return { attempt, remote: await peer.connection() };
  }

  /** A session of the semaphore profile, changed, with a login that is answered if there is one. */
  async function open(change: (text: string) => string = (text) => text) {
    const text = change(profileText("semaphore"));
    const { attempt, remote } = await connect(text);
    if (/^ {2}login:/m.test(text)) {
      const [, login] = /HELO(K\d+);north;pst;/.exec((await remote.frame()).toString()) ?? [];
      remote.send(line(`WELC${login};0000000007`));
    }
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    return { session: result.session, remote };
  }

  const reference = async (remote: PeerConnection) =>
    /K\d+/.exec((await remote.frame()).toString())?.[0];

  it("stand as soon as the connection does when there is no login", async () => {
    const { session, remote } = await open((text) => text.replace(LOGIN, "  keep_alive"));
    expect(session.lastTransaction).to.equal(0);
    const delivery = session.send(command(5));
    remote.send(line(`RSLT${await reference(remote)};OK;R-5`));
    expect((await delivery).outcome).to.deep.equal({ kind: "accepted", reference: "R-5" });
    await session.close(AbortSignal.abort());
  });

  it("end without a word when there is none to end with", async () => {
    const { session, remote } = await open();
    await session.close(new AbortController().signal);
    await remote.closed;
    expect(remote.journal).to.have.length(1);
  });

  it("give each sending a number of its own, and know late answers by it", async () => {
    const { session, remote } = await open();
    const first = session.send(command(5));
    expect(await reference(remote)).to.equal("K2");
    clock.advance(1_000);
    expect((await first).outcome.kind).to.equal("unknown");
    expect((await remote.frame()).toString()).to.contain("POLLK3;");
    remote.send(line("ALIVK3;"));
    const second = session.send(command(5));
    expect(await reference(remote)).to.equal("K4");
    remote.send(line("RSLTK2;OK;R-2"), line("RSLTK4;OK;R-4"));
    expect((await second).outcome).to.deep.equal({ kind: "accepted", reference: "R-4" });
    expect(late.map(({ delivery }) => delivery.outcome)).to.deep.equal([
      { kind: "accepted", reference: "R-2" },
    ]);
    expect(late[0]?.transaction).to.equal(5);
    await session.close(AbortSignal.abort());
  });

  it("end in silence when there is no message that breaks it", async () => {
    const { session, remote } = await open((text) => text.replace(KEEP_ALIVE, ""));
    const first = session.send(command(1));
    await reference(remote);
    clock.advance(600);
    const second = session.send(command(2));
    remote.send(line(`RSLT${await reference(remote)};OK;R`));
    expect((await second).outcome.kind).to.equal("accepted");
    clock.advance(400);
    expect((await first).outcome.kind).to.equal("unknown");
    const third = session.send(command(3));
    await reference(remote);
    clock.advance(1_000);
    expect((await third).outcome.kind).to.equal("unknown");
    expect(await session.closed).to.equal("nothing was received for 1000 ms");
    expect(clock.pending).to.equal(0);
  });

  it("keep the least time between commands", async () => {
    const { session, remote } = await open((text) =>
      text.replace(KEEP_ALIVE, (found) => `${found}\n  min_gap_ms: 50`),
    );
    const sendings = [1, 2, 3].map((number) => session.send(command(number)));
    const answer = async () => remote.send(line(`RSLT${await reference(remote)};OK;R`));
    await answer();
    expect((await sendings[0])?.outcome.kind).to.equal("accepted");
    clock.advance(49);
    expect(remote.journal).to.have.length(2);
    clock.advance(1);
    await answer();
    expect((await sendings[1])?.outcome.kind).to.equal("accepted");
    expect(remote.journal).to.have.length(3);
    await session.close(AbortSignal.abort());
    // The third never left.
    expect((await sendings[2])?.outcome.kind).to.equal("unavailable");
    expect(clock.pending).to.equal(0);
  });

  it("give back at once what has not left when they are closed, and await the rest", async () => {
    const { session, remote } = await open((text) =>
      text.replace(KEEP_ALIVE, (found) => `${found}\n  min_gap_ms: 50`),
    );
    const sendings = [1, 2, 3].map((number) => session.send(command(number)));
    const first = await reference(remote);
    const closed = session.close(new AbortController().signal);
    const unsent = await Promise.all(sendings.slice(1));
    expect(unsent.map(({ outcome }) => outcome.kind)).to.deep.equal(["unavailable", "unavailable"]);
    remote.send(line(`RSLT${first};OK;R`));
    expect((await sendings[0])?.outcome.kind).to.equal("accepted");
    await closed;
    expect(remote.journal).to.have.length(2);
    expect(clock.pending).to.equal(0);
  });

  it("know nothing after an answer that no rule is for", async () => {
    const { session, remote } = await open();
    const delivery = session.send(command(1));
    remote.send(line(`RSLT${await reference(remote)};WHO KNOWS;`));
    expect(await delivery).to.deep.include({
      outcome: { kind: "unknown", text: "the CA system answered result, which no rule knows" },
      response: 'result reference=K2 result="WHO KNOWS"',
    });
    expect(dropped).to.deep.equal(["UNREADABLE"]);
    await session.close(AbortSignal.abort());
  });

  it("end at a wrong checksum", async () => {
    const { session, remote } = await open();
    const delivery = session.send(command(1));
    await reference(remote);
    remote.send(Buffer.from("\x02RSLTK2;OK;R00\x03"));
    expect((await delivery).outcome.kind).to.equal("unknown");
    expect(await session.closed).to.match(/wrong checksum/);
  });

  for (const [what, says] of [
    ["keep-alive", "  keep_alive: { send: tell, answer: alive, after_ms: 20000 }"],
    ["good-bye", "  close: { send: tell }"],
  ] as const) {
    it(`do not stand when the ${what} cannot say what the login gave`, async () => {
      const { attempt, remote } = await connect(marked(profileText("semaphore"), says));
      await remote.frame();
      remote.send(line("WELCK1;0000000007a\u00ff;"));
      expect(await attempt).to.deep.equal({
        kind: "unavailable",
        text: `127.0.0.1:${peer.port}: tell cannot be written: mark has a character that ascii has not`,
      });
      await remote.closed;
      expect(clock.pending).to.equal(0);
    });
  }

  it("end when a command cannot say what the login gave, and reject nothing for it", async () => {
    const text = marked(profileText("semaphore"), "  min_gap_ms: 0").replace(
      'send: { number: "{transaction}", card',
      'send: { mark: "{session.mark}", number: "{transaction}", card',
    );
    const { attempt, remote } = await connect(text);
    await remote.frame();
    remote.send(line("WELCK1;0000000007a\u00ff;"));
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    const { outcome } = await result.session.send(command(1));
    const why = "mark has a character that ascii has not";
    expect(outcome).to.deep.equal({ kind: "unavailable", text: `not sent: ${why}` });
    expect(await result.session.closed).to.equal(why);
    expect(clock.pending).to.equal(0);
  });

  it("end when the keep-alive cannot be written any more", async () => {
    const { session } = await open(brimful);
    clock.advance(20_000);
    expect(await session.closed).to.equal(
      "poll cannot be written: poll would have 25 bytes, over 24",
    );
    expect(clock.pending).to.equal(0);
  });

  it("end without a word when the good-bye cannot be written any more", async () => {
    const { session, remote } = await open((text) =>
      brimful(text).replace(KEEP_ALIVE, "  close: { send: poll }"),
    );
    await session.close(new AbortController().signal);
    await remote.closed;
    expect(remote.journal).to.have.length(1);
    expect(clock.pending).to.equal(0);
  });

  it("reject what the protocol cannot say, unsent", async () => {
    const { session, remote } = await open();
    const { outcome } = await session.send({ ...command(1), subscriptionNumber: "a;b" });
    expect(outcome).to.deep.equal({
      kind: "rejected",
      code: "UNWRITABLE",
      text: "not sent: subscription holds what would end it",
    });
    expect(remote.journal).to.have.length(1);
    await session.close(AbortSignal.abort());
  });
});
