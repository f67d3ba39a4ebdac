import { expect } from "chai";
import type { RawClient } from "./raw-client.js";
import { Stage } from "./stage.js";
import {
  accepted,
  card,
  message,
  reauthorise,
  rejection,
  setup,
  status,
  text,
  transaction,
  u8,
} from "./wire.js";

const day = 24 * 60 * 60 * 1000;
const query = (number: number) => message(0x010a, transaction(number), card());
const authorise = (number: number, service: string) =>
  message(0x0103, transaction(number), card(), text(0x12, service));
const badPin = (number: number) =>
  message(0x0102, transaction(number), card(), u8(0x20, 2), text(0x21, "x"));

describe("simulator: transaction memory", () => {
  let stage: Stage;
  let client: RawClient;

  const lastTransaction = async () => {
    const other = await stage.connect();
    const answer = await other.exchange(setup({ slot: 9 }));
    await other.end();
    return Number.parseInt(answer.slice(-8), 16);
  };

  beforeEach(async () => {
    stage = await Stage.open({ memoryLimit: 100 });
    client = await stage.login();
  });

  afterEach(() => stage.close());

  it("gives the answer again, and no second effect, to the same bytes", async () => {
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(1);
    expect(stage.events).to.deep.equal(["session", "arrival", "effect", "arrival", "repeat"]);
    expect(stage.journal.at(-1)).to.include({ txn: 42, reference: "R7-42" });
  });

  it("gives it on another connection too, and after all of them were lost", async () => {
    await client.exchange(reauthorise(42));
    stage.simulator.disconnectAll();
    await client.closed;
    const next = await stage.connect();
    expect(await next.exchange(setup({ epoch: 2 }))).to.equal(status(1, 42));
    expect(await next.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(1);
  });

  it("answers 5 to the same number with other bytes, and does not remember that", async () => {
    await client.exchange(reauthorise(42));
    for (const other of [
      reauthorise(42, "S-2"),
      message(0x0106, transaction(42), card()),
      // The same parameters in another order are other bytes.
      message(0x0101, card(), transaction(42), text(0x11, "S-1")),
      query(42),
      badPin(42),
    ]) {
      expect(rejection(await client.exchange(other))).to.include({ transaction: 42, code: 5 });
    }
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(stage.events.filter((event) => event === "conflict")).to.have.length(5);
    expect(stage.simulator.effects).to.equal(1);
  });

  it("keeps source_ids apart", async () => {
    await client.exchange(reauthorise(42));
    const other = await stage.connect();
    expect(await other.exchange(setup({ sourceId: 8 }))).to.equal(status(1, 0));
    expect(await other.exchange(reauthorise(42, "S-2"))).to.equal(accepted(42, [], 8));
  });

  it("remembers refusals 2, 3 and 4 with their text", async () => {
    stage.simulator.change({ rejectRate: 1 });
    const two = await client.exchange(reauthorise(2));
    stage.simulator.change({ rejectRate: 0 });
    const three = await client.exchange(badPin(3));
    await client.exchange(
      message(
        0x0103,
        transaction(1),
        card(),
        ...Array.from({ length: 64 }, (_, i) => text(0x12, `s${i}`)),
      ),
    );
    const four = await client.exchange(authorise(4, "too-many"));
    expect([two, three, four].map((answer) => rejection(answer).code)).to.deep.equal([2, 3, 4]);
    expect(await client.exchange(reauthorise(2))).to.equal(two);
    expect(await client.exchange(badPin(3))).to.equal(three);
    expect(await client.exchange(authorise(4, "too-many"))).to.equal(four);
    expect(rejection(await client.exchange(reauthorise(3))).code).to.equal(5);
    expect(await lastTransaction()).to.equal(4);
  });

  it("does not remember BUSY, 100 and GET_ACTIVE_SERVICES", async () => {
    stage.simulator.change({ busyRate: 1 });
    await client.exchange(reauthorise(1));
    stage.simulator.change({ busyRate: 0, failRate: 1 });
    expect(rejection(await client.exchange(reauthorise(1, "S-2"))).code).to.equal(100);
    stage.simulator.change({ failRate: 0 });
    expect(await client.exchange(query(1))).to.equal(accepted(1));
    expect(await lastTransaction()).to.equal(0);
    expect(await client.exchange(authorise(1, "A"))).to.equal(accepted(1));
    expect(await client.exchange(query(2))).to.equal(accepted(2, ["A"]));
    expect(await client.exchange(authorise(3, "B"))).to.equal(accepted(3));
    expect(await client.exchange(query(2))).to.equal(accepted(2, ["A", "B"]));
    expect(stage.simulator.effects).to.equal(2);
  });

  it("forgets after 24 h, and not before", async () => {
    await client.exchange(reauthorise(42));
    stage.clock.advance(day - 1);
    client = await stage.login();
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(await lastTransaction()).to.equal(42);
    stage.clock.advance(1);
    expect(await lastTransaction()).to.equal(0);
    client = await stage.login();
    expect(await client.exchange(reauthorise(42, "S-2"))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(2);
  });

  it("keeps the last so many", async () => {
    for (let number = 1; number <= 101; number += 1) await client.exchange(reauthorise(number));
    expect(rejection(await client.exchange(reauthorise(2, "S-2"))).code).to.equal(5);
    expect(await client.exchange(reauthorise(1, "S-2"))).to.equal(accepted(1));
    expect(await client.exchange(reauthorise(2, "S-2"))).to.equal(accepted(2));
  });

  for (const { sent, last } of [
    { sent: [3, 10, 7], last: 10 },
    { sent: [0xfffffffe, 0xffffffff, 1], last: 1 },
    { sent: [1, 0xffffffff], last: 1 },
    { sent: [0x90000000, 1], last: 1 },
  ]) {
    it(`tells ${last} as the highest of ${sent.join(", ")}`, async () => {
      for (const number of sent) await client.exchange(reauthorise(number));
      expect(await lastTransaction()).to.equal(last);
    });
  }

  it("remembers nothing once told to forget", async () => {
    await client.exchange(reauthorise(42));
    stage.simulator.change({ forget: true });
    expect(await lastTransaction()).to.equal(0);
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(await client.exchange(reauthorise(42, "S-2"))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(3);
    stage.simulator.change({ forget: false });
    expect(await client.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(await lastTransaction()).to.equal(42);
  });
});

describe("simulator: commands in progress", () => {
  let stage: Stage;
  let client: RawClient;

  beforeEach(async () => {
    stage = await Stage.open({ behaviour: { latencyMs: 500 } });
    client = await stage.login();
  });

  afterEach(() => stage.close());

  /** Told by the journal, because the simulator does not answer yet. */
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      let left = count;
      const unlisten = stage.simulator.onJournal((entry) => {
        if (entry.ev !== "arrival" || --left > 0) return;
        unlisten();
        // The listener is called before the command is taken in.
        setImmediate(resolve);
      });
    });

  it("are answered after the latency, in the order they came", async () => {
    client.send(reauthorise(2), reauthorise(1));
    await arrived(2);
    stage.clock.advance(499);
    expect(stage.simulator.effects).to.equal(0);
    stage.clock.advance(1);
    expect(await client.receive()).to.equal(accepted(2));
    expect(await client.receive()).to.equal(accepted(1));
  });

  it("are not started again, and answered once, where they were sent last", async () => {
    client.send(reauthorise(42));
    await arrived(1);
    const other = await stage.login({ slot: 1 });
    stage.clock.advance(400);
    other.send(reauthorise(42), reauthorise(42));
    await arrived(2);
    stage.clock.advance(100);
    expect(await other.receive()).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(1);
    stage.clock.advance(10_000);
    await other.exchange(message(0x0003, transaction(2)));
    await client.exchange(message(0x0003, transaction(2)));
    expect([client.rest.frames, other.rest.frames]).to.deep.equal([0, 0]);
    expect(stage.events.filter((event) => event === "repeat")).to.have.length(2);
  });

  it("refuse the same number with other bytes with 5, and go on", async () => {
    client.send(reauthorise(42));
    await arrived(1);
    expect(rejection(await client.exchange(reauthorise(42, "S-2"))).code).to.equal(5);
    stage.clock.advance(500);
    expect(await client.receive()).to.equal(accepted(42));
  });

  it("have their effect, and are remembered, though their connection is gone", async () => {
    client.send(reauthorise(42));
    await arrived(1);
    await client.end();
    const next = await stage.login({ epoch: 2 });
    stage.clock.advance(500);
    expect(await next.exchange(reauthorise(42))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(1);
  });

  it("are dropped at a stop, without effect, and every timer with them", async () => {
    client.send(reauthorise(42));
    await arrived(1);
    await stage.simulator.stop();
    expect(stage.clock.pending).to.equal(0);
    await stage.simulator.start();
    stage.simulator.change({ latencyMs: 0 });
    const next = await stage.login();
    expect(await next.exchange(reauthorise(42, "S-2"))).to.equal(accepted(42));
    expect(stage.simulator.effects).to.equal(1);
  });
});
