import { expect } from "chai";
import type { CaCommand } from "../../../src/adapters/ca-adapter.js";
import type { Command } from "../../../src/requests/command.js";
import type { Outcome } from "../../../src/requests/outcome.js";
import {
  accepted,
  busy,
  errorCode,
  errorDescription,
  frame,
  hex,
  reference,
  rejected,
  sessionClose,
  tlv,
  transaction,
} from "../../support/nds-bytes.js";
import { NdsFixture, reauthorise, underWay } from "./nds-fixture.js";

const setPin: CaCommand = {
  ...reauthorise(43),
  command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
  pin: "1234",
};
const resetPin: CaCommand = {
  ...reauthorise(43),
  command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" },
};
const command = (given: Command): CaCommand => ({ ...reauthorise(43), command: given });

describe("nds: commands", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  const requests: readonly (readonly [string, CaCommand, string, string])[] = [
    [
      "REAUTHORISE_ALL_SERVICES",
      reauthorise(42),
      "01 0101 001f 000100040000002a 0010000c303030313233343536373839 00110003532d31",
      "REAUTHORISE_ALL_SERVICES transaction=42 smartcard_ca_id=000123456789 subscription_number=S-1",
    ],
    [
      "a subscription number with spaces and umlauts",
      { ...reauthorise(42), subscriptionNumber: 'ä "1"' },
      "01 0101 0022 000100040000002a 0010000c303030313233343536373839 00110006c3a420223122",
      'REAUTHORISE_ALL_SERVICES transaction=42 smartcard_ca_id=000123456789 subscription_number="ä \\"1\\""',
    ],
    [
      "SET_USER_PARAMETERS that resets",
      resetPin,
      "01 0102 001d 000100040000002b 0010000c303030313233343536373839 0020000101",
      "SET_USER_PARAMETERS transaction=43 smartcard_ca_id=000123456789 pin_operation=1",
    ],
    [
      "SET_USER_PARAMETERS that sets",
      setPin,
      "01 0102 0025 000100040000002b 0010000c303030313233343536373839 0020000102 0021000431323334",
      "SET_USER_PARAMETERS transaction=43 smartcard_ca_id=000123456789 pin_operation=2 pin=****",
    ],
    [
      "AUTHORISE_SERVICES with all that it can have",
      command({
        type: "AUTHORISE_SERVICES",
        services: [
          { code: "SPORT", caId: "0012" },
          { code: "MOVIES", caId: "M" },
        ],
        start: Date.UTC(2026, 0, 1),
        end: Date.UTC(2026, 1, 1),
      }),
      "01 0103 0035 000100040000002b 0010000c303030313233343536373839 0012000430303132 001200014d 001300046955b900 00140004697e9780",
      "AUTHORISE_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012 service_ca_id=M start=2026-01-01T00:00:00Z end=2026-02-01T00:00:00Z",
    ],
    [
      "AUTHORISE_SERVICES at once and for good",
      command({ type: "AUTHORISE_SERVICES", services: [{ code: "SPORT", caId: "0012" }] }),
      "01 0103 0020 000100040000002b 0010000c303030313233343536373839 0012000430303132",
      "AUTHORISE_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012",
    ],
    [
      "CANCEL_SERVICES",
      command({ type: "CANCEL_SERVICES", services: [{ code: "SPORT", caId: "0012" }] }),
      "01 0104 0020 000100040000002b 0010000c303030313233343536373839 0012000430303132",
      "CANCEL_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012",
    ],
    [
      "PAIR",
      command({ type: "PAIR", setTopBox: { id: "i", serialNumber: "s", caId: "00000042" } }),
      "01 0105 0024 000100040000002b 0010000c303030313233343536373839 001500083030303030303432",
      "PAIR transaction=43 smartcard_ca_id=000123456789 stb_ca_id=00000042",
    ],
    [
      "UNPAIR",
      command({ type: "UNPAIR" }),
      "01 0106 0018 000100040000002b 0010000c303030313233343536373839",
      "UNPAIR transaction=43 smartcard_ca_id=000123456789",
    ],
    [
      "SEND_ON_SCREEN_MESSAGE",
      command({ type: "SEND_ON_SCREEN_MESSAGE", text: "h\u00e9", durationSeconds: 300 }),
      "01 0107 0025 000100040000002b 0010000c303030313233343536373839 0040000368c3a9 00410002012c",
      "SEND_ON_SCREEN_MESSAGE transaction=43 smartcard_ca_id=000123456789 text=h\u00e9 duration=300",
    ],
    [
      "SEND_MAIL",
      command({ type: "SEND_MAIL", text: "a b" }),
      "01 0108 001f 000100040000002b 0010000c303030313233343536373839 00400003612062",
      'SEND_MAIL transaction=43 smartcard_ca_id=000123456789 text="a b"',
    ],
    [
      "DISPLAY_FINGERPRINT",
      command({ type: "DISPLAY_FINGERPRINT", durationSeconds: 5 }),
      "01 0109 001e 000100040000002b 0010000c303030313233343536373839 004100020005",
      "DISPLAY_FINGERPRINT transaction=43 smartcard_ca_id=000123456789 duration=5",
    ],
    [
      "GET_ACTIVE_SERVICES",
      command({ type: "GET_ACTIVE_SERVICES" }),
      "01 010a 0018 000100040000002b 0010000c303030313233343536373839",
      "GET_ACTIVE_SERVICES transaction=43 smartcard_ca_id=000123456789",
    ],
  ];
  for (const [name, command, bytes, readable] of requests) {
    it(`writes ${name}`, async () => {
      const { session, remote } = await nds.open();
      const sending = session.send(command);
      expect(await remote.frame()).to.deep.equal(hex(bytes));
      remote.send(accepted(command.transaction));
      expect((await sending).request).to.equal(readable);
      await session.close(AbortSignal.abort());
    });
  }

  it("reads the services in the answer to GET_ACTIVE_SERVICES, and in no other", async () => {
    const { session, remote } = await nds.open();
    const answer = frame(
      "8001",
      transaction(43),
      reference("R"),
      tlv("0012", "41"),
      tlv("0012", "42"),
    );
    const { delivery } = await underWay(session, remote, command({ type: "GET_ACTIVE_SERVICES" }));
    remote.send(answer);
    expect((await delivery).outcome).to.deep.equal({
      kind: "accepted",
      reference: "R",
      services: ["A", "B"],
    });
    const none = await underWay(session, remote, command({ type: "GET_ACTIVE_SERVICES" }));
    remote.send(frame("8001", transaction(43), reference("R")));
    expect((await none.delivery).outcome).to.deep.include({ services: [] });
    const other = await underWay(session, remote, command({ type: "UNPAIR" }));
    remote.send(answer);
    expect((await other.delivery).outcome).to.deep.equal({ kind: "accepted", reference: "R" });
    await session.close(AbortSignal.abort());
  });

  const answers: readonly (readonly [string, Buffer, Outcome, string])[] = [
    [
      "COMMAND_ACCEPTED",
      hex("01 8001 0011 000100040000002a 0030000552372d3432"),
      { kind: "accepted", reference: "R7-42" },
      "COMMAND_ACCEPTED transaction=42 reference_number=R7-42",
    ],
    [
      "parameters in any order, unknown ones among them",
      frame("8001", tlv("7777", "00"), reference("R7-42"), tlv("0099", ""), transaction(42)),
      { kind: "accepted", reference: "R7-42" },
      "COMMAND_ACCEPTED transaction=42 reference_number=R7-42",
    ],
    [
      "COMMAND_ACCEPTED with services",
      frame("8001", transaction(42), tlv("0012", "4131"), reference("R"), tlv("0012", "4232")),
      { kind: "accepted", reference: "R" },
      "COMMAND_ACCEPTED transaction=42 reference_number=R service_ca_id=A1 service_ca_id=B2",
    ],
    [
      "control characters and bad UTF-8 as U+FFFD",
      frame("8001", transaction(42), tlv("0030", "00410aff7fc285efbbbf")),
      { kind: "accepted", reference: "\u{FFFD}A\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}" },
      "COMMAND_ACCEPTED transaction=42 reference_number=\u{FFFD}A\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
    ],
    [
      "an empty description",
      rejected(42, 2),
      { kind: "rejected", code: "2", text: "" },
      'COMMAND_REJECTED transaction=42 error_code=2 error_description=""',
    ],
    [
      "a description with spaces",
      rejected(42, 1, "unknown card"),
      { kind: "rejected", code: "1", text: "unknown card" },
      'COMMAND_REJECTED transaction=42 error_code=1 error_description="unknown card"',
    ],
    [
      "COMMAND_BUSY",
      busy(42, 1_500),
      { kind: "busy", retryAfterMs: 1_500 },
      "COMMAND_BUSY transaction=42 retry_after_ms=1500",
    ],
    [
      "a busy time too short",
      busy(42, 0),
      { kind: "busy", retryAfterMs: 10 },
      "COMMAND_BUSY transaction=42 retry_after_ms=0",
    ],
    [
      "a busy time too long",
      busy(42, 4_294_967_295),
      { kind: "busy", retryAfterMs: 600_000 },
      "COMMAND_BUSY transaction=42 retry_after_ms=4294967295",
    ],
  ];
  for (const [name, bytes, outcome, readable] of answers) {
    it(`reads ${name}`, async () => {
      const { session, remote } = await nds.open();
      const { delivery } = await underWay(session, remote, reauthorise(42));
      remote.send(bytes);
      expect(await delivery).to.deep.include({ outcome, response: readable });
      expect(nds.dropped).to.deep.equal([]);
      await session.close(AbortSignal.abort());
    });
  }

  it("reads every error code as the profile says", async () => {
    const { session, remote } = await nds.open({ window: 100 });
    const kinds: readonly (readonly [Outcome["kind"], readonly number[]])[] = [
      ["rejected", [0, 1, 2, 3, 4, 6, 99, 200, 65_535]],
      ["transaction_used", [5]],
      ["failed", [100, 102, 199]],
    ];
    for (const [kind, codes] of kinds) {
      for (const code of codes) {
        const { delivery } = await underWay(session, remote, reauthorise(code + 1));
        remote.send(rejected(code + 1, code, "why"));
        const { outcome } = await delivery;
        expect(outcome.kind, `code ${code}`).to.equal(kind);
        expect(outcome).to.have.property("text", "why");
        if ("code" in outcome) expect(outcome.code).to.equal(`${code}`);
      }
    }
    await session.close(AbortSignal.abort());
  });

  const twice = (parameter: string) => [parameter, parameter];
  const unreadable: readonly (readonly [string, string, readonly string[]])[] = [
    ["COMMAND_ACCEPTED without reference_number", "8001", []],
    ["two reference_numbers", "8001", twice(reference("R"))],
    ["an empty reference_number", "8001", [reference("")]],
    ["a reference_number of 65 bytes", "8001", [reference("x".repeat(65))]],
    ["a service_ca_id with a space", "8001", [reference("R"), tlv("0012", "4120")]],
    ["65 services", "8001", [reference("R"), ...Array(65).fill(tlv("0012", "41"))]],
    ["COMMAND_REJECTED without error_code", "8002", [errorDescription("why")]],
    ["an error_code of one byte", "8002", [tlv("0031", "01"), errorDescription("why")]],
    ["COMMAND_REJECTED without error_description", "8002", [errorCode(1)]],
    ["513 bytes of error_description", "8002", [errorCode(1), errorDescription("x".repeat(513))]],
    ["COMMAND_BUSY without retry_after_ms", "8003", []],
  ];
  for (const [name, type, parameters] of unreadable) {
    it(`knows nothing after ${name}, and the session stays`, async () => {
      const { session, remote } = await nds.open();
      const first = await underWay(session, remote, reauthorise(42));
      remote.send(frame(type, transaction(42), ...parameters));
      const { outcome, request, response } = await first.delivery;
      expect(outcome.kind).to.equal("unknown");
      expect(request).to.be.a("string");
      expect(response).to.match(/^COMMAND_[A-Z]+ transaction=42$/);
      expect(nds.dropped).to.deep.equal(["UNREADABLE"]);
      const second = await underWay(session, remote, reauthorise(42));
      remote.send(accepted(42));
      expect((await second.delivery).outcome.kind).to.equal("accepted");
      await session.close(AbortSignal.abort());
    });
  }

  it("rejects what cannot be framed, without a byte", async () => {
    const { session, remote } = await nds.open();
    const impossible: readonly CaCommand[] = [
      reauthorise(4_294_967_296),
      { ...reauthorise(1), subscriptionNumber: "x".repeat(9_000) },
      { ...setPin, pin: "7".repeat(70_000) },
    ];
    for (const command of impossible) {
      const delivery = await session.send(command);
      expect(delivery.outcome).to.include({ kind: "rejected", code: "3" });
      expect(delivery).not.to.have.property("request");
      expect(JSON.stringify(delivery)).not.to.contain("777");
    }
    await session.close(new AbortController().signal);
    await remote.closed;
    expect(remote.journal.slice(1)).to.deep.equal([sessionClose(2)]);
  });

  it("refuses a transaction that is under way, and no other", async () => {
    const { session, remote } = await nds.open();
    const { delivery } = await underWay(session, remote, reauthorise(1));
    expect((await session.send(reauthorise(1))).outcome.kind).to.equal("unavailable");
    remote.send(accepted(1));
    expect((await delivery).outcome.kind).to.equal("accepted");
    await session.close(AbortSignal.abort());
  });
});
