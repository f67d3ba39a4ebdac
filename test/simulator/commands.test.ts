import { expect } from "chai";
import type { RawClient } from "./raw-client.js";
import { Stage } from "./stage.js";
import {
  accepted,
  card,
  message,
  raw,
  rejection,
  text,
  transaction,
  u8,
  u16,
  u32,
} from "./wire.js";

const service = (value: string) => text(0x0012, value);
const services = (count: number) => Array.from({ length: count }, (_, i) => service(`svc-${i}`));

/** One well-formed command of each type. */
const good: Readonly<Record<string, (number: number) => string>> = {
  REAUTHORISE_ALL_SERVICES: (n) => message(0x0101, transaction(n), card(), text(0x0011, "S-1")),
  "SET_USER_PARAMETERS, reset": (n) => message(0x0102, transaction(n), card(), u8(0x20, 1)),
  "SET_USER_PARAMETERS, set": (n) =>
    message(0x0102, transaction(n), card(), u8(0x20, 2), text(0x21, "4711")),
  AUTHORISE_SERVICES: (n) =>
    message(0x0103, transaction(n), card(), service("A"), service("B"), u32(0x13, 1), u32(0x14, 2)),
  CANCEL_SERVICES: (n) => message(0x0104, transaction(n), card(), service("A")),
  PAIR: (n) => message(0x0105, transaction(n), card(), text(0x15, "1234567890123456")),
  UNPAIR: (n) => message(0x0106, transaction(n), card()),
  SEND_ON_SCREEN_MESSAGE: (n) =>
    message(0x0107, transaction(n), card(), text(0x40, "Grüße"), u16(0x41, 30)),
  SEND_MAIL: (n) => message(0x0108, transaction(n), card(), text(0x40, "x".repeat(512))),
  DISPLAY_FINGERPRINT: (n) => message(0x0109, transaction(n), card(), u16(0x41, 0)),
};

const reauthorise = (...parameters: string[]) => message(0x0101, transaction(5), ...parameters);
const setPin = (...parameters: string[]) => message(0x0102, transaction(5), card(), ...parameters);
const authorise = (...parameters: string[]) =>
  message(0x0103, transaction(5), card(), ...parameters);
const mail = (value: string) => message(0x0108, transaction(5), card(), raw(0x40, value));

/** Each with a fault that its parameter's row names. */
const bad: Readonly<Record<string, string>> = {
  "no card": reauthorise(text(0x11, "S-1")),
  "two cards": reauthorise(card(), card(), text(0x11, "S-1")),
  "a card of 7 digits": reauthorise(card("1234567"), text(0x11, "S-1")),
  "a card of 17 digits": reauthorise(card("12345678901234567"), text(0x11, "S-1")),
  "a card with a letter": reauthorise(card("1234567A"), text(0x11, "S-1")),
  "no subscription number": reauthorise(card()),
  "an empty subscription number": reauthorise(card(), text(0x11, "")),
  "a subscription number of 65 bytes": reauthorise(card(), text(0x11, `${"ü".repeat(32)}x`)),
  "a subscription number that is not UTF-8": reauthorise(card(), raw(0x11, "c328")),
  "a subscription number with a BOM": reauthorise(card(), raw(0x11, "efbbbf41")),
  "no pin operation": setPin(),
  "pin operation 0": setPin(u8(0x20, 0)),
  "pin operation 3": setPin(u8(0x20, 3)),
  "a pin operation of 2 bytes": setPin(u16(0x20, 1)),
  "operation 2 without a pin": setPin(u8(0x20, 2)),
  "operation 1 with a pin": setPin(u8(0x20, 1), text(0x21, "4711")),
  "a pin of 3 digits": setPin(u8(0x20, 2), text(0x21, "471")),
  "a pin of 5 digits": setPin(u8(0x20, 2), text(0x21, "47110")),
  "a pin with a letter": setPin(u8(0x20, 2), text(0x21, "471x")),
  "no service": authorise(),
  "65 services": authorise(...services(65)),
  "an empty service": authorise(service("")),
  "a service of 33 characters": authorise(service("s".repeat(33))),
  "a service with a space": authorise(service("A B")),
  "a service beyond ASCII": authorise(service("Ä")),
  "a start of 8 bytes": authorise(service("A"), raw(0x13, "0000000000000001")),
  "two ends": authorise(service("A"), u32(0x14, 1), u32(0x14, 1)),
  "no service to cancel": message(0x0104, transaction(5), card()),
  "no box": message(0x0105, transaction(5), card()),
  "a box of 7 digits": message(0x0105, transaction(5), card(), text(0x15, "1234567")),
  "no card to unpair": message(0x0106, transaction(5)),
  "a message without duration": message(0x0107, transaction(5), card(), text(0x40, "x")),
  "an empty mail": mail(""),
  "a mail of 513 bytes": mail("78".repeat(513)),
  "a mail with a NUL": mail("780078"),
  "a mail with half a character": mail("c3"),
  "a duration of 4 bytes": message(0x0109, transaction(5), card(), u32(0x41, 1)),
  "a query without a card": message(0x010a, transaction(5)),
  "transaction 0": message(0x0106, transaction(0), card()),
};

describe("simulator: commands", () => {
  let stage: Stage;
  let client: RawClient;

  beforeEach(async () => {
    stage = await Stage.open();
    client = await stage.login();
  });

  afterEach(() => stage.close());

  it("accepts the golden command with the golden answer", async () => {
    const command = "01 0101 001f 000100040000002a 0010000c303030313233343536373839 00110003532d31";
    const answer = "01 8001 0011 000100040000002a 0030000552372d3432";
    expect(await client.exchange(command)).to.equal(answer.replaceAll(" ", ""));
  });

  for (const [what, command] of Object.entries(good)) {
    it(`accepts ${what}`, async () => {
      expect(await client.exchange(command(0xffffffff))).to.equal(accepted(0xffffffff));
      expect(stage.simulator.effects).to.equal(1);
      expect(stage.journal.at(-1)).to.include({
        ev: "effect",
        src: 7,
        txn: 0xffffffff,
        type: what.split(",")[0],
        card: "000123456789",
        reference: "R7-4294967295",
      });
    });
  }

  for (const [what, command] of Object.entries(bad)) {
    it(`answers ${what} with 3, and the connection stays`, async () => {
      const refused = rejection(await client.exchange(command));
      expect(refused.code).to.equal(3);
      expect(refused.transaction).to.equal(what === "transaction 0" ? 0 : 5);
      expect(stage.simulator.effects).to.equal(0);
      expect(await client.exchange(message(0x0106, transaction(6), card()))).to.equal(accepted(6));
    });
  }

  it("takes parameters in any order, and ignores a parameter of another message", async () => {
    const command = message(0x0101, text(0x40, "?"), text(0x11, "S"), transaction(4), card());
    expect(await client.exchange(command)).to.equal(accepted(4));
  });

  it("tells no value in a description", async () => {
    const command = setPin(u8(0x20, 2), text(0x21, "98765"));
    expect(rejection(await client.exchange(command)).text).to.equal("pin is malformed");
    expect(JSON.stringify([stage.journal, stage.log])).not.to.contain("98765");
  });
});

describe("simulator: active services", () => {
  let stage: Stage;
  let client: RawClient;
  let number = 0;

  const seconds = () => stage.clock.now() / 1000;
  const add = (...parameters: string[]) =>
    client.exchange(message(0x0103, transaction(++number), card(), ...parameters));
  const cancel = (...parameters: string[]) =>
    client.exchange(message(0x0104, transaction(++number), card(), ...parameters));
  const expectActive = async (...names: string[]) => {
    const query = message(0x010a, transaction(++number), card());
    expect(await client.exchange(query)).to.equal(accepted(number, names));
  };

  beforeEach(async () => {
    number = 0;
    stage = await Stage.open();
    client = await stage.login();
  });

  afterEach(() => stage.close());

  it("are none at first", () => expectActive());

  it("are those authorised and not cancelled", async () => {
    await add(service("A"), service("B"));
    await add(service("C"));
    await cancel(service("B"), service("unknown"));
    await expectActive("A", "C");
    await cancel(service("A"), service("C"));
    await expectActive();
  });

  it("are each card's own", async () => {
    await add(service("A"));
    const query = message(0x010a, transaction(99), card("11111111"));
    expect(await client.exchange(query)).to.equal(accepted(99));
  });

  it("begin at start and are over at end", async () => {
    await add(service("A"), u32(0x13, seconds() + 10), u32(0x14, seconds() + 20));
    await expectActive();
    stage.clock.advance(10_000);
    await expectActive("A");
    stage.clock.advance(10_000);
    await expectActive();
  });

  it("take the period of the last command", async () => {
    await add(service("A"), u32(0x14, seconds() + 10));
    await add(service("A"));
    stage.clock.advance(10_000);
    await expectActive("A");
  });

  it("are at most 64, as many as an answer lists; more are refused whole with 4", async () => {
    await add(...services(64));
    expect(rejection(await add(service("one-more"))).code).to.equal(4);
    await add(service("svc-0"));
    await expectActive(...Array.from({ length: 64 }, (_, i) => `svc-${i}`));
    expect(stage.simulator.effects).to.equal(2);
  });
});
