import { expect } from "chai";
import type { CaCommand } from "../../../../src/adapters/ca-adapter.js";
import { CHECKSUMS } from "../../../../src/adapters/profile/fields/checksum-algorithms.js";
import { readableForm } from "../../../../src/adapters/profile/message/received.js";
import { WireFault } from "../../../../src/adapters/profile/message/wire-fault.js";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { NONE_USED } from "../../../../src/adapters/profile/session/correlations.js";
import { hex } from "../../../support/nds-bytes.js";
import { Compiled, profileText } from "./compiled.js";

const refresh: CaCommand = {
  transaction: 258,
  caId: "0123456789",
  subscriptionNumber: "S-1",
  command: { type: "REAUTHORISE_ALL_SERVICES" },
};
const resetPin: CaCommand = {
  ...refresh,
  command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" },
};

/** A message of the ledger from kind, sequence, status and body: its length and checksum put in. */
function message(kind: string, sequence: string, status: string, body: string): Buffer {
  const rest = hex(`${kind} ${sequence} ${status} ${body}`);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(2 + rest.length + 2);
  const bytes = Buffer.concat([hex("cafe"), size, rest]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(CHECKSUMS["crc16-ccitt"].sum(bytes, 0, bytes.length));
  return Buffer.concat([bytes, sum]);
}

describe("profile: a binary protocol", () => {
  const ledger = new Compiled(profileText("ledger"), { operator: 9 });

  it("writes its commands", () => {
    expect(ledger.command(refresh, 3)).to.deep.equal({
      hex: message("10", "03", "00", "090000 0123456789 0201000000000000").toString("hex"),
      request: "refresh sequence=3 status=0 operator=9 card=0123456789 number=258",
    });
    expect(ledger.command(resetPin, 4)).to.deep.equal({
      hex: message("11", "04", "00", "0123456789 72 0000").toString("hex"),
      request: "pin sequence=4 status=0 card=0123456789 action=r pin=****",
    });
    const setPin = { ...resetPin, pin: "4711" };
    expect(ledger.command(setPin, 4).hex).to.contain("724711");
    expect(ledger.command(setPin, 4).request).not.to.contain("4711");
  });

  const done = (body: string) => message("90", "03", "00", body);
  const outcomes: readonly (readonly [string, Buffer, object, string])[] = [
    [
      "products",
      done("0000002a 02 0100 6300 07"),
      { kind: "accepted", reference: "0000002a/1, 99" },
      "done sequence=3 status=0 receipt=0000002a count=2 product=1 product=99 reserved=7",
    ],
    [
      "no products and a date",
      done("0000002a 00 07 5325"),
      { kind: "accepted", reference: "0000002a until 2026-02-28T00:00:00Z" },
      "done sequence=3 status=0 receipt=0000002a count=0 reserved=7 expiry=2026-02-28T00:00:00Z",
    ],
    [
      "a product that no rule takes",
      done("0000002a 02 0100 6400 07"),
      { kind: "unknown", text: "the CA system answered done, which no rule knows" },
      "done sequence=3 status=0 receipt=0000002a count=2 product=1 product=100 reserved=7",
    ],
    [
      "a status of the header",
      message("91", "03", "02", ""),
      { kind: "busy", retryAfterMs: 3_000 },
      "refused sequence=3 status=2",
    ],
    [
      "the end of the session",
      message("91", "03", "40", ""),
      { kind: "unavailable", text: "gone: 64" },
      "refused sequence=3 status=64",
    ],
    [
      "a refusal",
      message("91", "03", "09", ""),
      { kind: "rejected", code: "9", text: "" },
      "refused sequence=3 status=9",
    ],
    [
      "too many products",
      done("0000002a 04 0100 0100 0100 0100 07"),
      { kind: "unknown", text: "the CA system answered done without a readable product" },
      "done sequence=3",
    ],
    [
      "a constant that is none",
      done("0000002a 00 08"),
      { kind: "unknown", text: "the CA system answered done without a readable reserved" },
      "done sequence=3",
    ],
  ];
  for (const [name, bytes, outcome, readable] of outcomes) {
    it(`reads ${name}`, () => {
      const [received, ...others] = ledger.read(bytes);
      if (received === undefined) throw new Error("nothing came");
      expect(others).to.deep.equal([]);
      expect(ledger.protocol.rules.decide(received).outcome).to.deep.equal(outcome);
      expect(readableForm(received)).to.equal(readable);
      expect(received.correlation).to.equal(3);
    });
  }

  it("does not trust what breaks its framing", () => {
    const good = message("91", "03", "09", "");
    const broken: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from(good).fill(0x0a, 6, 7), /checksum/],
      [Buffer.from(good).fill(0x00, 0, 1), /magic \d+ instead of 51966/],
      [Buffer.from(good).fill(0x3d, 2, 3), /61 bytes, over 60/],
      [Buffer.from(good).fill(0x06, 2, 3), /6 bytes, too few/],
      [message("92", "03", "09", ""), /type 0x92/],
    ];
    for (const [bytes, reason] of broken) {
      expect(() => ledger.read(bytes)).to.throw(WireFault, reason);
    }
  });

  it("has no wider window than it has numbers", () => {
    const { value } = profileProtocol("ledger", "p.yaml", profileText("ledger"));
    const good = { host: "h", port: 1 };
    expect(value?.configure({ ...good, window: 4 })).to.have.property("adapter");
    expect(value?.configure({ ...good, window: 5 })).to.deep.equal({
      faults: [{ field: "window", description: "must be a whole number from 1 to 4" }],
    });
  });

  it("counts its numbers round, past those that are awaited", () => {
    const numbers = ledger.protocol.newCorrelations();
    const taken = Array.from({ length: 6 }, () => numbers.ofCommand(7, NONE_USED));
    expect(taken).to.deep.equal([1, 2, 3, 4, 5, 1]);
    const awaited = (...values: readonly unknown[]) => ({
      isAwaited: (value: unknown) => values.includes(value),
      isLate: () => false,
    });
    expect(numbers.ofSession(awaited(2, 3))).to.equal(4);
    // With all others awaited or given up, the one that was given up is taken.
    expect(numbers.ofCommand(7, { ...awaited(1, 2, 4, 5), isLate: () => true })).to.equal(3);
  });
});
