import { expect } from "chai";
import {
  accepted,
  busy,
  frame,
  hex,
  rejected,
  setupStatus,
  testStatus,
  tlv,
  transaction,
} from "../../support/nds-bytes.js";
import { NdsFixture } from "./nds-fixture.js";

describe("nds: set-up", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  it("sends SESSION_SETUP and nothing else before SESSION_STATUS", async () => {
    const attempt = nds.connect();
    const remote = await nds.peer.connection();
    expect(await remote.frame()).to.deep.equal(
      hex(
        "01 0001 0028 0001000400000001 0002000400000007 00030006736563726574 000400020000 0005000400000001",
      ),
    );
    remote.send(setupStatus(4_000_000_000));
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    expect(result.session.lastTransaction).to.equal(4_000_000_000);
    await result.session.close(AbortSignal.abort());
    await remote.closed;
    expect(remote.journal.length).to.equal(2);
  });

  it("sends the slot and the epoch it was given", async () => {
    const attempt = nds.connect({ password: "ä" }, { slot: 63, epoch: 4_294_967_295 });
    const remote = await nds.peer.connection();
    expect(await remote.frame()).to.deep.equal(
      hex(
        "01 0001 0024 0001000400000001 0002000400000007 00030002c3a4 00040002003f 00050004ffffffff",
      ),
    );
    remote.socket.destroy();
    await attempt;
  });

  it("is unavailable, not broken, for an epoch that cannot be written", async () => {
    expect((await nds.connect({}, { epoch: 4_294_967_296 })).kind).to.equal("unavailable");
  });

  const last = (value: string) => tlv("0034", value);
  const refusals: readonly (readonly [string, Buffer, RegExp])[] = [
    ["COMMAND_REJECTED 101", rejected(1, 101, "wrong password"), /refused.*101 wrong password$/],
    ["COMMAND_REJECTED 3", rejected(1, 3), /refused.*3$/],
    ["COMMAND_BUSY", busy(1, 500), /COMMAND_BUSY transaction=1 retry_after_ms=500/],
    ["COMMAND_ACCEPTED", accepted(1), /COMMAND_ACCEPTED/],
    ["SESSION_STATUS without last_transaction", testStatus(1), /last_transaction/],
    ["a short last_transaction", frame("0002", transaction(1), last("00")), /last_transaction/],
    [
      "two last_transactions",
      frame("0002", transaction(1), last("00000001"), last("00000001")),
      /last_transaction/,
    ],
    ["another version", hex("02"), /version 2/],
  ];
  for (const [name, answer, text] of refusals) {
    it(`is unavailable after ${name}`, async () => {
      const attempt = nds.connect();
      const remote = await nds.peer.connection();
      await remote.frame();
      remote.send(answer);
      const result = await attempt;
      if (result.kind !== "unavailable") throw new Error("connected");
      expect(result.text).to.match(text);
      expect(result.text).not.to.contain("secret");
      await remote.closed;
      expect(nds.clock.pending).to.equal(0);
    });
  }

  it("drops answers to what it never asked, and waits on", async () => {
    const attempt = nds.connect();
    const remote = await nds.peer.connection();
    await remote.frame();
    remote.send(setupStatus(5).fill(9, 12, 13), rejected(2, 101), accepted(77), setupStatus(6));
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    expect(result.session.lastTransaction).to.equal(6);
    expect(nds.dropped).to.deep.equal(["UNEXPECTED", "UNEXPECTED", "UNEXPECTED"]);
    await result.session.close(AbortSignal.abort());
  });

  it("gives the CA system the response timeout", async () => {
    const attempt = nds.connect({ response_timeout_ms: 300 });
    const remote = await nds.peer.connection();
    await remote.frame();
    nds.clock.advance(300);
    expect(await attempt).to.deep.equal({
      kind: "unavailable",
      text: `127.0.0.1:${nds.peer.port}: no SESSION_STATUS within 300 ms`,
    });
    await remote.closed;
  });

  it("gives TCP the connect timeout", async () => {
    // The clock moves before the event loop turns, so the connection cannot be there yet.
    const attempt = nds.connect();
    nds.clock.advance(5_000);
    expect(await attempt).to.deep.equal({
      kind: "unavailable",
      text: `127.0.0.1:${nds.peer.port}: no connection within 5000 ms`,
    });
    expect(nds.clock.pending).to.equal(0);
  });

  it("says why a connection failed", async () => {
    await nds.stop();
    const result = await nds.connect();
    if (result.kind !== "unavailable") throw new Error("connected");
    expect(result.text).to.match(/ECONNREFUSED$/);
    nds = await NdsFixture.start();
  });
});
