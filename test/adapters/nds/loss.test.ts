import type { Socket } from "node:net";
import { expect } from "chai";
import type { Delivery } from "../../../src/adapters/ca-adapter.js";
import { accepted, testStatus, transactionOf } from "../../support/nds-bytes.js";
import { NdsFixture, reauthorise, underWay } from "./nds-fixture.js";

const WINDOW = 10_000;

/** Lets the event loop turn once: what was ready to happen has happened then. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("nds: loss", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  const wide = (transaction: number) => ({
    ...reauthorise(transaction),
    subscriptionNumber: "x".repeat(64),
  });

  /**
   * A session whose peer reads nothing: windows full are given and given up until the network is
   * full too. `given` commands have ended as unknown; of those up to `sent`, the last wait unsent.
   */
  async function stuck() {
    const { session, remote } = await nds.open({ window: WINDOW, response_timeout_ms: 1_000 });
    remote.socket.pause();
    const settled = new Map<number, Delivery>();
    let ended: string | undefined;
    void session.closed.then((reason) => {
      ended = reason;
    });
    let sent = 0;
    for (let test = 2; settled.size === sent; test += 1) {
      for (let count = 0; count < WINDOW; count += 1) {
        sent += 1;
        const number = sent;
        void session.send(wide(number)).then((delivery) => settled.set(number, delivery));
      }
      await turn();
      await turn();
      nds.clock.advance(1_000);
      remote.send(testStatus(test));
      await turn();
      await turn();
      if (ended !== undefined) throw new Error(ended);
    }
    return { session, remote, settled, sent, given: settled.size };
  }

  it("tells what the socket had from what it had not", async () => {
    const { session, remote, settled, sent, given } = await stuck();
    for (const { outcome } of settled.values()) expect(outcome.kind).to.equal("unknown");
    remote.socket.resetAndDestroy();
    await session.closed;
    await turn();
    expect(settled.size).to.equal(sent);
    const kinds = [...settled].sort(([a], [b]) => a - b).map(([, { outcome }]) => outcome.kind);
    const firstUnsent = kinds.indexOf("unavailable");
    expect(firstUnsent).to.be.at.least(given);
    expect(new Set(kinds.slice(0, firstUnsent))).to.deep.equal(new Set(["unknown"]));
    expect(new Set(kinds.slice(firstUnsent))).to.deep.equal(new Set(["unavailable"]));
    expect(settled.get(sent)).not.to.have.property("request");
    expect(nds.clock.pending).to.equal(0);
  });

  it("takes an answer to what waits unsent only when it was sent before, and then sends it not", async () => {
    const { session, remote, sent, given } = await stuck();
    const again = session.send(wide(given));
    remote.send(accepted(sent), accepted(given));
    expect((await again).outcome.kind).to.equal("accepted");
    expect(nds.dropped).to.deep.equal(["UNEXPECTED"]);
    expect(nds.late).to.deep.equal([]);
    const last = session.send(wide(sent + 1));
    remote.socket.resume();
    const arrivals: number[] = [];
    while (arrivals.at(-1) !== sent + 1) {
      const message = await remote.frame();
      if (message.readUInt16BE(1) === 0x0101) arrivals.push(transactionOf(message));
    }
    expect(arrivals).to.deep.equal(Array.from({ length: sent + 1 }, (_, index) => index + 1));
    await session.close(AbortSignal.abort());
    expect((await last).outcome.kind).to.equal("unknown");
  });

  it("remembers the last 10,000 commands that it gave up", async () => {
    const { session, remote } = await nds.open({ window: WINDOW, response_timeout_ms: 1_000 });
    for (const [first, count] of [
      [1, WINDOW],
      [WINDOW + 1, 1],
    ] as const) {
      const sendings = Array.from({ length: count }, (_, index) =>
        session.send(reauthorise(first + index)),
      );
      for (const _ of sendings) await remote.frame();
      nds.clock.advance(1_000);
      await Promise.all(sendings);
      const test = await remote.frame();
      // Answers are read in order: with the second one the first has been read.
      const { delivery } = await underWay(session, remote, reauthorise(99_999));
      remote.send(testStatus(transactionOf(test)), accepted(99_999));
      await delivery;
    }
    remote.send(accepted(1), accepted(2), accepted(WINDOW + 1));
    remote.socket.end();
    await session.closed;
    expect(nds.late.map(({ transaction }) => transaction)).to.deep.equal([2, WINDOW + 1]);
    expect(nds.dropped).to.deep.equal(["UNEXPECTED"]);
  });

  it("goes on where it stopped once the peer reads again", async () => {
    const { session, remote } = await nds.open({ window: WINDOW, response_timeout_ms: 600_000 });
    const sendings = Array.from({ length: WINDOW }, (_, index) => session.send(wide(index + 1)));
    remote.socket.pause();
    await turn();
    remote.socket.resume();
    for (let number = 1; number <= WINDOW; number += 1) {
      expect(transactionOf(await remote.frame())).to.equal(number);
      remote.send(accepted(number));
    }
    const kinds = (await Promise.all(sendings)).map(({ outcome }) => outcome.kind);
    expect(new Set(kinds)).to.deep.equal(new Set(["accepted"]));
    await session.close(AbortSignal.abort());
  });

  for (const [how, cut] of [
    ["hangs up", (socket: Socket) => socket.end()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
  ] as const) {
    it(`ends with a reason when the peer ${how}`, async () => {
      const { session, remote } = await nds.open();
      const { delivery } = await underWay(session, remote, reauthorise(1));
      cut(remote.socket);
      expect((await delivery).outcome.kind).to.equal("unknown");
      expect(await session.closed).to.match(/the CA system closed the connection|ECONNRESET/);
      expect(nds.clock.pending).to.equal(0);
    });
  }

  it("takes the answers that came before the connection went", async () => {
    const { session, remote } = await nds.open();
    const first = await underWay(session, remote, reauthorise(1));
    const second = await underWay(session, remote, reauthorise(2));
    remote.socket.end(Buffer.concat([accepted(1), accepted(2).subarray(0, 12)]));
    expect((await first.delivery).outcome.kind).to.equal("accepted");
    expect((await second.delivery).outcome.kind).to.equal("unknown");
    await session.closed;
  });

  it("leaves no socket behind", async () => {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((resource) => resource.startsWith("TCPSocket"))
        .length;
    const { session, remote } = await nds.open();
    expect(sockets()).to.be.at.least(2);
    const before = sockets();
    await session.close(new AbortController().signal);
    await remote.closed;
    await turn();
    expect(sockets()).to.equal(before - 2);
  });
});
