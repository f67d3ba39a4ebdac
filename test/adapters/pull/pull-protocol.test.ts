import { expect } from "chai";
import { pullProtocol } from "../../../src/adapters/pull/pull-protocol.js";
import { findProtocol } from "../../../src/adapters/registry.js";
import { limitsOf } from "../../../src/providers/limits.js";
import { systemClock } from "../../../src/requests/clock.js";
import { COMMAND_TYPES } from "../../../src/requests/command.js";

function adapterOf(connection: unknown) {
  const configured = pullProtocol.configure(connection);
  if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
  return configured.adapter;
}

function faultsOf(connection: unknown): string[] {
  const configured = pullProtocol.configure(connection);
  if ("adapter" in configured) throw new Error("nothing is wrong with it");
  return configured.faults.map(({ field, description }) => `${field}: ${description}`);
}

describe("the protocol pull", () => {
  it("is in the registry, takes every command and dials nobody", async () => {
    expect(findProtocol("pull")).to.deep.equal({ protocol: pullProtocol });
    const adapter = adapterOf({});
    expect([...adapter.commands]).to.deep.equal(Object.keys(COMMAND_TYPES));
    expect(adapter.connections).to.equal(0);
    const { signal } = new AbortController();
    const maySend = () => true;
    const onLateAnswer = () => {};
    const options = { slot: 0, epoch: 1, clock: systemClock, signal, maySend, onLateAnswer };
    expect((await adapter.connect(options)).kind).to.equal("unavailable");
    expect((await adapter.test(options)).kind).to.equal("failed");
  });

  it("has a thousand cards in hand at once, unless its limits say otherwise", () => {
    expect(limitsOf({}, adapterOf({})).maxInFlight).to.equal(1000);
    expect(limitsOf({ maxInFlight: 5 }, adapterOf({})).maxInFlight).to.equal(5);
  });

  it("takes any printable CA id, or what the connection says", () => {
    const { checkName } = adapterOf({});
    for (const caId of ["1", "AB 12/x", "~".repeat(64)]) {
      expect(checkName("SMARTCARD", caId)).to.equal(undefined);
    }
    for (const caId of ["", "~".repeat(65), "tab\there", "é"]) {
      expect(checkName("SMARTCARD", caId)).to.equal(
        "must be 1 to 64 printable characters of ASCII",
      );
    }
    const own = adapterOf({ ca_id: { chars: "digits", min: 8, max: 16 } });
    expect(own.checkName("SET_TOP_BOX", "12345678")).to.equal(undefined);
    expect(own.checkName("SET_TOP_BOX", "1234567")).to.equal("must be 8 to 16 digits");
    expect(own.checkName("SERVICE", "sport/hd")).to.equal(undefined);
    expect(own.checkName("SERVICE", "")).to.equal("must be 1 to 64 printable characters of ASCII");
    expect(own.checkName("SUBSCRIPTION_NUMBER", "any é")).to.equal(undefined);
  });

  it("tells all that is wrong with a connection", () => {
    expect(faultsOf({ host: "h", ca_id: { chars: "runes", min: 0 } })).to.have.members([
      "host: is not a known key",
      "ca_id.chars: must be visible or digits",
      "ca_id.min: must be at least 1",
      "ca_id.max: is missing",
    ]);
    expect(faultsOf({ ca_id: { chars: "digits", min: 9, max: 8 } })).to.deep.equal([
      "ca_id.max: must not be less than min",
    ]);
  });
});
