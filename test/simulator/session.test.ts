import { expect } from "chai";
import { Stage } from "./stage.js";
import {
  message,
  raw,
  reauthorise,
  rejection,
  setup,
  status,
  test,
  text,
  transaction,
  u16,
  u32,
} from "./wire.js";

const goldenSetup =
  "01 0001 0028 0001000400000001 0002000400000007 00030006736563726574 000400020000 0005000400000001";

describe("simulator: sessions", () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open({ sourceId: 7, password: "secret" });
  });

  afterEach(() => stage.close());

  it("answers SESSION_SETUP with SESSION_STATUS and last_transaction 0", async () => {
    const client = await stage.connect();
    expect(await client.exchange(goldenSetup)).to.equal(
      "01000200100001000400000001003400040000" + "0000",
    );
    expect(stage.simulator.sessions).to.equal(1);
  });

  it("takes parameters in any order and ignores those it does not know", async () => {
    const client = await stage.connect();
    const shuffled = message(
      0x0001,
      u32(0x0005, 1),
      raw(0x7777, "cafe"),
      text(0x0003, "secret"),
      u16(0x0004, 0),
      transaction(9),
      raw(0x7777, ""),
      u32(0x0002, 7),
      text(0x0010, "not of this message"),
    );
    expect(await client.exchange(shuffled)).to.equal(status(9, 0));
  });

  it("answers SESSION_TEST without last_transaction", async () => {
    const client = await stage.login();
    expect(await client.exchange("01 0003 0008 0001000400000002")).to.equal(
      "01000200080001000400000002",
    );
    expect(await client.exchange(test(0))).to.equal(status(0));
    expect(stage.events).to.deep.equal(["session", "test", "test"]);
  });

  it("closes on SESSION_CLOSE without an answer", async () => {
    const client = await stage.login();
    client.send("01 0004 0008 0001000400000002");
    expect(await client.closed).to.equal("end");
    expect(client.rest).to.deep.equal({ frames: 0, bytes: "" });
    expect(stage.simulator.sessions).to.equal(0);
  });

  for (const [what, values] of [
    ["a wrong password", { password: "Secret" }],
    ["a wrong source_id", { sourceId: 8 }],
  ] as const) {
    it(`refuses ${what} with 101 and closes`, async () => {
      const client = await stage.connect();
      expect(rejection(await client.exchange(setup(values)))).to.include({
        transaction: 1,
        code: 101,
      });
      expect(await client.closed).to.equal("end");
      expect(stage.journal).to.have.length(1);
      expect(stage.journal[0]).to.include({ ev: "reject", type: "SESSION_SETUP", code: 101 });
      expect(JSON.stringify([stage.journal, stage.log])).not.to.match(/secret/i);
    });
  }

  it("takes any source_id and password when it was given none", async () => {
    const open = await Stage.open();
    const client = await open.connect();
    expect(await client.exchange(setup({ sourceId: 0xffffffff, password: "x" }))).to.equal(
      status(1, 0),
    );
    await open.close();
  });

  it("refuses a command without a session with 101 and closes", async () => {
    const client = await stage.connect();
    client.send(reauthorise(42), reauthorise(43));
    expect(rejection(await client.receive())).to.include({ transaction: 42, code: 101 });
    expect(await client.closed).to.equal("end");
    expect(client.rest).to.deep.equal({ frames: 0, bytes: "" });
    expect(stage.events).to.deep.equal(["arrival", "reject"]);
    expect(stage.simulator.effects).to.equal(0);
  });

  it("refuses a SESSION_TEST without a session, and a second set-up, with 101", async () => {
    const stranger = await stage.connect();
    expect(rejection(await stranger.exchange(test(5)))).to.include({ transaction: 5, code: 101 });
    await stranger.closed;
    const client = await stage.login();
    expect(rejection(await client.exchange(setup({ transaction: 2 })))).to.include({ code: 101 });
    await client.closed;
  });

  for (const [what, bad] of [
    ["without a password", message(1, transaction(3), u32(2, 7), u16(4, 0), u32(5, 1))],
    [
      "with a slot of 4 bytes",
      message(1, transaction(3), u32(2, 7), text(3, "x"), u32(4, 0), u32(5, 1)),
    ],
    [
      "with two epochs",
      message(1, transaction(3), u32(2, 7), text(3, "x"), u16(4, 0), u32(5, 1), u32(5, 1)),
    ],
    ["with an empty password", setup({ transaction: 3, password: "" })],
    ["with 65 bytes of password", setup({ transaction: 3, password: "x".repeat(65) })],
    ["with a NUL in the password", setup({ transaction: 3, password: "a\0b" })],
  ] as const) {
    it(`answers a set-up ${what} with 3, and the connection stays`, async () => {
      const client = await stage.connect();
      expect(rejection(await client.exchange(bad))).to.include({ transaction: 3, code: 3 });
      expect(await client.exchange(setup({ transaction: 4 }))).to.equal(status(4, 0));
    });
  }

  for (const epoch of [5, 6]) {
    it(`replaces a session of epoch 5 by one of epoch ${epoch}`, async () => {
      const old = await stage.login({ epoch: 5 });
      const client = await stage.connect();
      expect(await client.exchange(setup({ epoch }))).to.equal(status(1, 0));
      expect(await old.closed).to.equal("end");
      expect(stage.simulator.sessions).to.equal(1);
      expect(await client.exchange(test(2))).to.equal(status(2));
    });
  }

  it("refuses a lower epoch while the slot is held, and leaves its holder alone", async () => {
    const holder = await stage.login({ epoch: 5 });
    const late = await stage.connect();
    expect(rejection(await late.exchange(setup({ epoch: 4 })))).to.include({ code: 101 });
    await late.closed;
    expect(await holder.exchange(test(2))).to.equal(status(2));
  });

  it("takes a lower epoch once the holder has closed: a restored database starts lower", async () => {
    const holder = await stage.login({ epoch: 5 });
    holder.send(message(0x0004, transaction(2)));
    await holder.closed;
    const client = await stage.connect();
    expect(await client.exchange(setup({ epoch: 1 }))).to.equal(status(1, 0));
  });

  it("keeps slots, and source_ids, apart", async () => {
    const open = await Stage.open();
    const clients = [
      await open.login({ slot: 0, epoch: 9 }),
      await open.login({ slot: 1, epoch: 1 }),
      await open.login({ slot: 0xffff, epoch: 0 }),
      await open.login({ sourceId: 8, slot: 0, epoch: 1 }),
    ];
    for (const client of clients) expect(await client.exchange(test(2))).to.equal(status(2));
    expect(open.simulator.sessions).to.equal(4);
    await open.close();
  });
});
