import { expect } from "chai";
import type { CaAdapter } from "../../../src/adapters/ca-adapter.js";
import type { Command } from "../../../src/requests/command.js";
import { ndsProtocol } from "../nds/nds-protocol.js";
import { counterDesk } from "./http/counter-desk.js";
import { semaphoreProtocol } from "./made-up/semaphore.js";

function adapterOf(configured: ReturnType<typeof ndsProtocol.configure>): CaAdapter {
  if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
  return configured.adapter;
}

const place = { host: "127.0.0.1", port: 7000 };
const nds = adapterOf(ndsProtocol.configure({ ...place, source_id: 7, password: "secret" }));
const desk = (change?: (text: string) => string) =>
  adapterOf(counterDesk(change).configure({ ...place, user: "desk", password: "pst" }));
const semaphore = adapterOf(
  semaphoreProtocol().configure({ ...place, station: "north", code_word: "pst" }),
);

const card = { caId: "000123456789", subscriptionNumber: "S-1", pinDigits: undefined };
const services = (...caIds: string[]) => caIds.map((caId) => ({ code: caId, caId }));
const faults = (adapter: CaAdapter, command: Command, more: object = {}) =>
  adapter
    .checkCommand({ ...card, command, ...more })
    .map(({ part, description }) => `${part}: ${description}`);

describe("profile limits", () => {
  it("are read off the fields of a message, all at once", () => {
    const message: Command = {
      type: "SEND_ON_SCREEN_MESSAGE",
      text: "x".repeat(513),
      durationSeconds: 65_536,
      repeatIntervalSeconds: 70_000,
    };
    expect(faults(nds, message)).to.have.members([
      "text: has 513 bytes, over 512",
      "duration: is over 65535",
      "repeat_interval: is nothing that its protocol can say",
    ]);
    expect(faults(nds, { ...message, text: "", durationSeconds: 0 })).to.include(
      "text: has 0 bytes, under 1",
    );
  });

  it("count the bytes of the field's encoding", () => {
    const mail = (text: string): Command => ({ type: "SEND_MAIL", text });
    expect(faults(nds, mail("é".repeat(256)))).to.deep.equal([]);
    expect(faults(nds, mail("é".repeat(257)))).to.deep.equal(["text: has 514 bytes, over 512"]);
  });

  it("tell what of the inventory cannot be said apart from what callers give", () => {
    const pair = (caId: string): Command => ({
      type: "PAIR",
      setTopBox: { id: "i", serialNumber: "s", caId },
    });
    expect(faults(nds, pair("12345678"))).to.deep.equal([]);
    expect(faults(nds, pair("1234567"))).to.deep.equal(["set_top_box: has 7 bytes, under 8"]);
    const all = { type: "REAUTHORISE_ALL_SERVICES" } as const;
    expect(faults(nds, all, { subscriptionNumber: "é".repeat(33) })).to.deep.equal([
      "subscription_number: has 66 bytes, over 64",
    ]);
    expect(faults(nds, all, { caId: "1" })).to.deep.equal(["smartcard: must be 8 to 16 digits"]);
  });

  it("hold for dates, services and PINs", () => {
    const rights = { type: "AUTHORISE_SERVICES", services: services("A") } as const;
    expect(faults(nds, { ...rights, start: Date.UTC(2107, 0, 1) })).to.have.length(1);
    expect(faults(nds, { ...rights, services: services(..."x".repeat(65)) })).to.deep.equal([
      "services: has 65 values, over 64",
    ]);
    const pin = { type: "SET_USER_PARAMETERS", pinOperation: "SET" } as const;
    expect(faults(nds, pin, { pinDigits: 4 })).to.deep.equal([]);
    expect(faults(nds, pin, { pinDigits: 5 })).to.deep.equal(["pin: must be 4 digits"]);
  });

  it("are what a profile declares, where requests have no fields", () => {
    const message: Command = {
      type: "SEND_ON_SCREEN_MESSAGE",
      text: "é".repeat(130),
      durationSeconds: 61,
      repeatIntervalSeconds: 65,
    };
    const here = { ...card, caId: "AB-1234" };
    expect(faults(desk(), message, here)).to.deep.equal([
      "text: has 130 characters, over 129",
      "duration: is 61, over 60",
      "repeat_interval: is 65, no multiple of 10",
    ]);
    const rights: Command = { type: "AUTHORISE_SERVICES", services: services("A", "BB") };
    expect(faults(desk(), rights, here)).to.deep.equal([
      "services: the CA id of A has 1 bytes, under 2",
    ]);
    const many = services(...Array.from({ length: 21 }, (_, i) => `S-${i}`));
    expect(faults(desk(), { ...rights, services: many }, here)).to.deep.equal([
      "services: has 21 values, over 20",
    ]);
    const pin = { type: "SET_USER_PARAMETERS", pinOperation: "SET" } as const;
    expect(faults(desk(), pin, { ...here, pinDigits: 6 })).to.deep.equal([]);
    expect(faults(desk(), pin, { ...here, pinDigits: 7 })).to.deep.equal([
      "pin: must be 4 to 6 digits",
    ]);
  });

  it("find what the message as a whole, or a delimiter, does not allow", () => {
    const all = { type: "REAUTHORISE_ALL_SERVICES" } as const;
    const here = { ...card, caId: "AB-123456" };
    expect(faults(semaphore, all, { ...here, subscriptionNumber: "a;b" })).to.deep.equal([
      "subscription_number: holds what would end it",
    ]);
    expect(faults(semaphore, all, { ...here, subscriptionNumber: "x".repeat(500) })).to.deep.equal([
      "whole: refresh would have 532 bytes, over 400",
    ]);
  });

  it("hold for names by themselves", () => {
    const rows = [
      [nds, "SMARTCARD", "12345678", "1234567"],
      [nds, "SET_TOP_BOX", "12345678", "1234567a"],
      [nds, "SERVICE", "x".repeat(32), "x".repeat(33)],
      [nds, "SUBSCRIPTION_NUMBER", "é".repeat(32), "é".repeat(33)],
      [desk(), "SET_TOP_BOX", "4711", "47110"],
      [desk(), "SERVICE", "S-1", "S 1"],
      [semaphore, "SUBSCRIPTION_NUMBER", "S-1", "S;1"],
    ] as const;
    for (const [adapter, kind, good, bad] of rows) {
      expect(adapter.checkName(kind, good), good).to.equal(undefined);
      expect(adapter.checkName(kind, bad), bad).to.be.a("string");
    }
  });
});
