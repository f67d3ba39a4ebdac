import { expect } from "chai";
import fc from "fast-check";
import {
  accepted,
  busy,
  frame,
  hex,
  reference,
  rejected,
  testStatus,
  tlv,
  transaction,
} from "../../support/nds-bytes.js";
import { NdsFixture, reauthorise, underWay } from "./nds-fixture.js";

describe("nds: framing", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  const closing: readonly (readonly [string, Buffer, RegExp])[] = [
    ["another version, at its first byte", hex("00"), /version 0/],
    ["text instead of frames", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /version 72/],
    ["a length over 8,192, at the header", hex("01 8001 2001"), /8193 bytes/],
    ["the largest length", hex("01 8001 ffff"), /65535 bytes/],
    ["a parameter over its message", hex("01 8001 0008 0001000500000001"), /parameter/],
    ["half a parameter header", frame("8001", transaction(1), "0030"), /parameter header/],
    ["an unknown type", frame("8004", transaction(1)), /0x8004/],
    ["a message of the wrong direction", frame("0101", transaction(1)), /0x0101/],
    ["SESSION_TEST from the CA system", frame("0003", transaction(1)), /0x0003/],
    ["no transaction", frame("8001", reference("R")), /transaction/],
    ["a transaction of 2 bytes", frame("8001", tlv("0001", "0001")), /transaction/],
    ["two transactions", frame("8001", transaction(1), transaction(1)), /transaction/],
    ["an empty message", hex("01 8001 0000"), /transaction/],
  ];
  for (const [name, bytes, reason] of closing) {
    it(`closes on ${name}`, async () => {
      const { session, remote } = await nds.open();
      const { delivery } = await underWay(session, remote, reauthorise(1));
      remote.send(bytes);
      expect((await delivery).outcome.kind).to.equal("unknown");
      expect(await session.closed).to.match(reason);
      await remote.closed;
      expect(nds.clock.pending).to.equal(0);
    });
  }

  it("listens to nothing after a fault", async () => {
    const { session, remote } = await nds.open();
    const { delivery } = await underWay(session, remote, reauthorise(1));
    remote.send(hex("01 9999 0000"), accepted(1));
    expect((await delivery).outcome.kind).to.equal("unknown");
    await session.closed;
  });

  it("reads answers that come byte by byte", async () => {
    const { session, remote } = await nds.open();
    const first = await underWay(session, remote, reauthorise(1));
    const second = await underWay(session, remote, reauthorise(2));
    await remote.sendByteByByte(Buffer.concat([accepted(2), rejected(1, 4, "no")]));
    expect((await first.delivery).outcome.kind).to.equal("rejected");
    expect((await second.delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });

  it("asks whether it may send as the bytes leave, not as the command comes", async () => {
    let mine = true;
    const { session, remote } = await nds.open({}, { maySend: () => mine });
    const sendings = [1, 2].map((number) => session.send(reauthorise(number)));
    mine = false;
    for (const sending of sendings) {
      expect((await sending).outcome.kind).to.equal("unavailable");
    }
    mine = true;
    const third = await underWay(session, remote, reauthorise(3));
    await remote.sendByteByByte(accepted(3));
    expect((await third.delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });

  it("reads answers however they were cut", async () => {
    const { session, remote } = await nds.open({ window: 100 });
    const big = frame("8001", transaction(4), reference("R"), tlv("9999", "00".repeat(8_174)));
    expect(big.length).to.equal(8_192 + 5 - 1);
    const bytes = Buffer.concat([accepted(1), rejected(2, 1, "no"), busy(3, 20), big]);
    const cuts = fc.uniqueArray(fc.nat({ max: bytes.length }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (points) => {
        const sendings = [1, 2, 3, 4].map((number) => session.send(reauthorise(number)));
        for (const _ of sendings) await remote.frame();
        const edges = [0, ...points.sort((a, b) => a - b), bytes.length];
        for (const [index, end] of edges.slice(1).entries()) {
          const piece = bytes.subarray(edges[index], end);
          await new Promise((resolve) => remote.socket.write(piece, resolve));
        }
        const outcomes = (await Promise.all(sendings)).map(({ outcome }) => outcome.kind);
        expect(outcomes).to.deep.equal(["accepted", "rejected", "busy", "accepted"]);
      }),
      { numRuns: 60 },
    );
    await session.close(AbortSignal.abort());
  });

  it("survives garbage: every command has an outcome and nothing is left", async () => {
    const whole = [accepted(1), rejected(1, 101), busy(1, 5), testStatus(2)];
    const garbage = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc
        .tuple(fc.constantFrom(...whole), fc.nat(30), fc.nat(255), fc.nat(40))
        .map(([bytes, at, value, length]) => {
          const broken = Buffer.from(bytes);
          broken[at % broken.length] = value;
          return broken.subarray(0, length);
        }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 4 }), async (pieces) => {
        const { session, remote } = await nds.open();
        const { delivery } = await underWay(session, remote, reauthorise(1));
        remote.send(...pieces.map((piece) => Buffer.from(piece)));
        remote.socket.end();
        expect((await delivery).outcome.kind).to.be.a("string");
        await session.close(AbortSignal.abort());
        expect(nds.clock.pending).to.equal(0);
      }),
      { numRuns: 100 },
    );
  });

  it("counts and drops a flood of answers to nothing", async () => {
    const { session, remote } = await nds.open();
    const { delivery } = await underWay(session, remote, reauthorise(1));
    const flood = Array.from({ length: 50_000 }, (_, index) => accepted(index + 2));
    remote.send(...flood, testStatus(9), accepted(1), accepted(1));
    expect((await delivery).outcome.kind).to.equal("accepted");
    const next = await underWay(session, remote, reauthorise(1));
    expect(nds.dropped.length).to.equal(50_002);
    remote.send(accepted(1));
    expect((await next.delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });

  it("waits 10 s for the rest of a frame, from its first byte", async () => {
    const { session, remote } = await nds.open({ response_timeout_ms: 600_000 });
    const { delivery } = await underWay(session, remote, reauthorise(1));
    const second = await underWay(session, remote, reauthorise(2));
    const slow = accepted(2);
    remote.send(accepted(1), slow.subarray(0, 1));
    await delivery;
    nds.clock.advance(9_999);
    // A frame that came in time clears the rule; the next one has its own 10 s.
    remote.send(slow.subarray(1), slow.subarray(0, 7));
    await second.delivery;
    nds.clock.advance(9_999);
    await underWay(session, remote, reauthorise(3));
    nds.clock.advance(1);
    expect(await session.closed).to.match(/frame was not complete/);
    expect(nds.clock.pending).to.equal(0);
  });
});
