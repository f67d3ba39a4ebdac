import { expect } from "chai";
import { Stage } from "./stage.js";
import {
  accepted,
  message,
  raw,
  reauthorise,
  rejection,
  setup,
  status,
  test,
  transaction,
} from "./wire.js";

const goldenSetup =
  "01 0001 0028 0001000400000001 0002000400000007 00030006736563726574 000400020000 0005000400000001";
const goldenCommand =
  "01 0101 001f 000100040000002a 0010000c303030313233343536373839 00110003532d31";
const goldenAnswer = "01800100110001000400" + "00002a0030000552372d3432";

describe("simulator: framing", () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });

  afterEach(() => stage.close());

  it("reads bytes that come one by one", async () => {
    const client = await stage.connect();
    await client.trickle(goldenSetup);
    await client.trickle(goldenCommand);
    expect(await client.receive()).to.equal(status(1, 0));
    expect(await client.receive()).to.equal(goldenAnswer);
  });

  it("reads many frames of one chunk, and a frame cut anywhere", async () => {
    const client = await stage.connect();
    const numbers = Array.from({ length: 500 }, (_, i) => i + 1);
    const all = [setup(), ...numbers.map((number) => reauthorise(number))].join("");
    // Odd places, so that a cut falls into a header, a length and a value in turn.
    for (let at = 0; at < all.length; at += 2 * 1777) client.send(all.slice(at, at + 2 * 1777));
    expect(await client.receive()).to.equal(status(1, 0));
    for (const number of numbers) expect(await client.receive()).to.equal(accepted(number));
  });

  it("takes a message of 8,192 bytes", async () => {
    const client = await stage.login();
    const padding = raw(0x7777, "00".repeat(8192 - 8 - 4));
    expect(await client.exchange(message(0x0003, transaction(2), padding))).to.equal(status(2));
  });

  const strangers: Readonly<Record<string, string>> = {
    "a version that is not 1, known by its first byte": "02",
    "a length over 8,192": "01 0003 2001",
    "a parameter longer than its message": "01 0003 0008 0001000500000002",
    "half a parameter header": "01 0003 000a 0001000400000002 7777",
    "an unknown type": message(0x0005, transaction(2)),
    "an unknown command": message(0x010b, transaction(2)),
    "SESSION_STATUS, which goes the other way": message(0x0002, transaction(2)),
    "COMMAND_ACCEPTED, which goes the other way": goldenAnswer,
    "no transaction": message(0x0003),
    "a transaction of 2 bytes": message(0x0003, raw(0x0001, "0002")),
    "two transactions": message(0x0003, transaction(2), transaction(2)),
    garbage: "01ffeeddccbbaa99887766554433221100".repeat(2000),
  };
  for (const [what, bytes] of Object.entries(strangers)) {
    it(`closes on ${what}, after the answers to what came before`, async () => {
      const client = await stage.login();
      client.send(test(2), bytes);
      expect(await client.receive()).to.equal(status(2));
      expect(await client.closed).to.equal("end");
      expect(client.rest).to.deep.equal({ frames: 0, bytes: "" });
      expect(stage.events).to.deep.equal(["session", "test", "protocol_error"]);
      expect(stage.simulator.sessions).to.equal(0);
    });
  }

  it("closes on garbage before a set-up", async () => {
    const client = await stage.connect();
    client.send(Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex"));
    expect(await client.closed).to.equal("end");
    expect(stage.events).to.deep.equal(["protocol_error"]);
  });

  it("answers what came before the other side's end, then ends too", async () => {
    const client = await stage.login();
    client.send(reauthorise(1), test(2));
    client.finish();
    expect(await client.receive()).to.equal(accepted(1));
    expect(await client.receive()).to.equal(status(2));
    expect(await client.closed).to.equal("end");
    expect(stage.simulator.sessions).to.equal(0);
  });

  it("does not act on frames behind a bad one", async () => {
    const client = await stage.login();
    client.send("02", reauthorise(1));
    await client.closed;
    expect(stage.simulator.effects).to.equal(0);
  });

  it("closes a frame that is not whole 10 s after its first byte, and not before", async () => {
    const client = await stage.login();
    client.send(test(2), "01");
    await client.receive();
    stage.clock.advance(9_999);
    expect(stage.simulator.sessions).to.equal(1);
    stage.clock.advance(1);
    expect(await client.closed).to.equal("end");
    expect(stage.events.at(-1)).to.equal("protocol_error");
  });

  it("counts the 10 s from the first byte, whatever trickles in after it", async () => {
    const client = await stage.login();
    const witness = await stage.login({ slot: 1 });
    client.send(test(2), "01");
    await client.receive();
    stage.clock.advance(9_000);
    client.send("00");
    // The other connection's answer comes after the byte: both sockets were polled in between.
    await witness.exchange(test(3));
    await witness.exchange(test(4));
    stage.clock.advance(1_000);
    expect(await client.closed).to.equal("end");
  });

  it("forgets the 10 s when the frame gets whole", async () => {
    const client = await stage.login();
    client.send(test(2), test(3).slice(0, 8));
    await client.receive();
    stage.clock.advance(9_999);
    expect(await client.exchange(test(3).slice(8))).to.equal(status(3));
    stage.clock.advance(60_000);
    expect(await client.exchange(test(4))).to.equal(status(4));
  });

  it("closes after 90 s without a frame, counted from the last one", async () => {
    const client = await stage.login();
    stage.clock.advance(60_000);
    await client.exchange(test(2));
    stage.clock.advance(89_999);
    expect(stage.simulator.sessions).to.equal(1);
    stage.clock.advance(1);
    expect(await client.closed).to.equal("end");
    expect(stage.events).to.deep.equal(["session", "test"]);
  });

  it("closes a connection that is still without a session after 90 s", async () => {
    const client = await stage.connect();
    expect(rejection(await client.exchange(setup({ password: "" })))).to.include({ code: 3 });
    stage.clock.advance(90_000);
    expect(await client.closed).to.equal("end");
  });

  it("stops reading who does not read, and goes on when he does", async () => {
    const client = await stage.login();
    client.pause();
    const numbers = Array.from({ length: 60_000 }, (_, i) => i + 1);
    client.send(...numbers.map((number) => test(number)));
    const other = await stage.login({ slot: 1 });
    expect(await other.exchange(test(2))).to.equal(status(2));
    client.resume();
    for (const number of numbers) expect(await client.receive()).to.equal(status(number));
  });
});
