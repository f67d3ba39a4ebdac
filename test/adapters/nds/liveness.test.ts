import { expect } from "chai";
import type { CaSession } from "../../../src/adapters/ca-adapter.js";
import {
  accepted,
  frame,
  rejected,
  sessionClose,
  sessionTest,
  testStatus,
  transaction,
} from "../../support/nds-bytes.js";
import type { PeerConnection } from "../../support/scripted-peer.js";
import { NdsFixture, reauthorise, underWay } from "./nds-fixture.js";

/** A session is open when it carries a command to its answer. */
async function expectOpen(session: CaSession, remote: PeerConnection): Promise<void> {
  const { delivery } = await underWay(session, remote, reauthorise(1_000));
  remote.send(accepted(1_000));
  expect((await delivery).outcome.kind).to.equal("accepted");
}

describe("nds: liveness", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  it("asks once for a sign of life when commands go unanswered", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 1_000 });
    const first = await underWay(session, remote, reauthorise(1));
    const second = await underWay(session, remote, reauthorise(2));
    nds.clock.advance(600);
    const third = await underWay(session, remote, reauthorise(3));
    nds.clock.advance(400);
    expect((await first.delivery).outcome).to.deep.equal({
      kind: "unknown",
      text: "no answer within 1000 ms",
    });
    expect((await second.delivery).outcome.kind).to.equal("unknown");
    expect((await remote.frame()).toString("hex")).to.equal(sessionTest(2));
    nds.clock.advance(999);
    expect((await third.delivery).outcome.kind).to.equal("unknown");
    await expectOpen(session, remote);
    nds.clock.advance(1);
    expect(await session.closed).to.equal("no SESSION_STATUS within 1000 ms");
    await remote.closed;
    expect(remote.journal.filter((each) => each.startsWith("010003")).length).to.equal(1);

    expect(nds.clock.pending).to.equal(0);
  });

  it("goes on after the sign of life, with the next number for the next test", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 1_000 });
    for (const number of [2, 3]) {
      const { delivery } = await underWay(session, remote, reauthorise(number));
      nds.clock.advance(1_000);
      expect((await delivery).outcome.kind).to.equal("unknown");
      expect((await remote.frame()).toString("hex")).to.equal(sessionTest(number));
      // The answer to a command of the same number must not pass for the sign of life.
      remote.send(accepted(number), testStatus(number));
      const next = await underWay(session, remote, reauthorise(10));
      remote.send(accepted(10));
      await next.delivery;
      nds.clock.advance(1_000);
    }
    await expectOpen(session, remote);
    expect(nds.late.map((answer) => answer.transaction)).to.deep.equal([2, 3]);
    await session.close(AbortSignal.abort());
  });

  it("counts the response timeout from when each command went", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 1_000 });
    const first = await underWay(session, remote, reauthorise(1));
    nds.clock.advance(600);
    const second = await underWay(session, remote, reauthorise(2));
    nds.clock.advance(400);
    expect((await first.delivery).outcome.kind).to.equal("unknown");
    remote.send(accepted(2));
    expect((await second.delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });

  it("asks for a sign of life after 30 s without a byte", async () => {
    const { session, remote } = await nds.open();
    nds.clock.advance(20_000);
    const { delivery } = await underWay(session, remote, reauthorise(1));
    remote.send(accepted(1));
    await delivery;
    nds.clock.advance(29_999);
    expect(remote.journal.length).to.equal(2);
    nds.clock.advance(1);
    expect((await remote.frame()).toString("hex")).to.equal(sessionTest(2));
    remote.send(testStatus(3), testStatus(2));
    // Answers come in order, so this one tells that the SESSION_STATUS has been read.
    const next = await underWay(session, remote, reauthorise(4));
    remote.send(accepted(4));
    await next.delivery;
    expect(nds.dropped).to.deep.equal(["UNEXPECTED"]);
    nds.clock.advance(30_000);
    expect((await remote.frame()).toString("hex")).to.equal(sessionTest(3));
    nds.clock.advance(10_000);
    expect(await session.closed).to.match(/no SESSION_STATUS/);
    expect(nds.clock.pending).to.equal(0);
  });

  it("keeps no late answer that cannot be read", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 1_000 });
    const { delivery } = await underWay(session, remote, reauthorise(1));
    nds.clock.advance(1_000);
    await delivery;
    await remote.frame();
    remote.send(frame("8001", transaction(1)), testStatus(2));
    const next = await underWay(session, remote, reauthorise(3));
    remote.send(accepted(3));
    await next.delivery;
    expect(nds.late).to.deep.equal([]);
    expect(nds.dropped).to.deep.equal(["UNREADABLE"]);
    await session.close(AbortSignal.abort());
  });

  it("ends when a command is answered 101, after the answers that came with that", async () => {
    const { session, remote } = await nds.open();
    const first = await underWay(session, remote, reauthorise(1));
    const others = [2, 3, 4].map((number) => underWay(session, remote, reauthorise(number)));
    const [second, third, fourth] = await Promise.all(others);
    remote.send(rejected(1, 101, "who are you?"), accepted(2), rejected(3, 101));
    expect(await first.delivery).to.deep.include({
      outcome: {
        kind: "unavailable",
        text: "the CA system has no session for this connection: 101 who are you?",
      },
      response: 'COMMAND_REJECTED transaction=1 error_code=101 error_description="who are you?"',
    });
    expect((await second?.delivery)?.outcome.kind).to.equal("accepted");
    expect((await third?.delivery)?.outcome.kind).to.equal("unavailable");
    expect((await fourth?.delivery)?.outcome.kind).to.equal("unknown");
    expect(await session.closed).to.contain("101 who are you?");
    expect(nds.clock.pending).to.equal(0);
  });

  it("ends when SESSION_TEST is answered 101, a command of its number as unknown", async () => {
    const { session, remote } = await nds.open();
    nds.clock.advance(30_000);
    expect((await remote.frame()).toString("hex")).to.equal(sessionTest(2));
    const { delivery } = await underWay(session, remote, reauthorise(2));
    remote.send(rejected(2, 101));
    expect((await delivery).outcome.kind).to.equal("unknown");
    expect(await session.closed).to.contain("101");
  });

  it("stays when 101 answers nothing that was asked", async () => {
    const { session, remote } = await nds.open();
    const { delivery } = await underWay(session, remote, reauthorise(1));
    remote.send(rejected(99, 101), accepted(1));
    expect((await delivery).outcome.kind).to.equal("accepted");
    await expectOpen(session, remote);
    await session.close(AbortSignal.abort());
  });

  it("says good-bye, and does not wait for ever for the CA system to hang up", async () => {
    const { session, remote } = await nds.open();
    remote.socket.allowHalfOpen = true;
    const closing = session.close(new AbortController().signal);
    expect((await remote.frame()).toString("hex")).to.equal(sessionClose(2));
    expect(nds.clock.pending).to.equal(1);
    nds.clock.advance(1_000);
    await closing;
    expect(await session.closed).to.equal("closed by this side");
    expect(nds.clock.pending).to.equal(0);
  });

  it("closes when the answers it waited for never came", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 1_000 });
    const { delivery } = await underWay(session, remote, reauthorise(1));
    const closing = session.close(new AbortController().signal);
    nds.clock.advance(1_000);
    expect((await delivery).outcome.kind).to.equal("unknown");
    await closing;
    await remote.closed;
    expect(remote.journal.at(-1)).to.equal(sessionClose(3));
    expect(nds.clock.pending).to.equal(0);
  });
});
