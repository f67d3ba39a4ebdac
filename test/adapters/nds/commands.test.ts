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
const command = (given: Command): CaCommand => ({ ...reauthorise(43), command: given });

describe("nds: commands", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

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
