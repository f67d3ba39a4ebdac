import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { shippedFile } from "../../../src/adapters/profile/shipped-profiles.js";
import { findProtocol } from "../../../src/adapters/registry.js";
import { testFolder } from "../../support/test-folder.js";
import { ndsProtocol } from "./nds-protocol.js";

const good = { host: "127.0.0.1", port: 7000, source_id: 7, password: "secret" };

function faultsOf(connection: unknown) {
  const configured = ndsProtocol.configure(connection);
  return "faults" in configured ? configured.faults : [];
}

describe("nds: settings", () => {
  it("has defaults for the limits", () => {
    const configured = ndsProtocol.configure(good);
    if (!("adapter" in configured)) throw new Error("refused");
    expect(configured.adapter.connections).to.equal(1);
    expect(configured.adapter.window).to.equal(10);
    expect([...configured.adapter.commands]).to.have.members([
      "REAUTHORISE_ALL_SERVICES",
      "SET_USER_PARAMETERS",
      "AUTHORISE_SERVICES",
      "CANCEL_SERVICES",
      "PAIR",
      "UNPAIR",
      "SEND_ON_SCREEN_MESSAGE",
      "SEND_MAIL",
      "DISPLAY_FINGERPRINT",
      "GET_ACTIVE_SERVICES",
    ]);
  });

  it("names all faults at once, and no value", () => {
    const password = "hunter2".repeat(10);
    const faults = faultsOf({ port: 0, source_id: "7", password, window: 1.5, typo: password });
    expect(faults.map((fault) => fault.field)).to.have.members([
      "host",
      "port",
      "source_id",
      "password",
      "window",
      "typo",
    ]);
    expect(JSON.stringify(faults)).not.to.contain("hunter2");
  });

  it("says what is mandatory", () => {
    expect(faultsOf({}).map((fault) => fault.field)).to.have.members(Object.keys(good));
    for (const { description } of faultsOf({})) expect(description).to.match(/^is mandatory/);
  });

  it("wants an object", () => {
    expect(faultsOf("nds")).to.deep.equal([{ field: "", description: "must be an object" }]);
  });

  const bounds: readonly (readonly [string, number, number])[] = [
    ["port", 1, 65_535],
    ["source_id", 0, 4_294_967_295],
    ["connections", 1, 64],
    ["window", 1, 10_000],
    ["response_timeout_ms", 10, 600_000],
    ["connect_timeout_ms", 10, 600_000],
    ["keep_alive_ms", 10, 60_000],
  ];
  for (const [field, min, max] of bounds) {
    it(`takes ${field} from ${min} to ${max}`, () => {
      for (const value of [min, max]) {
        expect(faultsOf({ ...good, [field]: value })).to.deep.equal([]);
      }
      for (const value of [min - 1, max + 1, Number.NaN, min + 0.5]) {
        expect(faultsOf({ ...good, [field]: value })).to.deep.equal([
          { field, description: `must be a whole number from ${min} to ${max}` },
        ]);
      }
    });
  }

  it("counts the password in bytes", () => {
    for (const password of ["s", "x".repeat(64), "ä".repeat(32)]) {
      expect(faultsOf({ ...good, password })).to.deep.equal([]);
    }
    for (const password of ["", "x".repeat(65), "ä".repeat(33), "a\0b", "\u{FEFF}a", 7]) {
      expect(faultsOf({ ...good, password })).to.have.length(1);
    }
  });

  it("knows CA ids: 8 to 16 digits", () => {
    const configured = ndsProtocol.configure(good);
    if (!("adapter" in configured)) throw new Error("refused");
    const { adapter } = configured;
    for (const caId of ["00000000", "0123456789012345"]) {
      expect(adapter.checkName("SMARTCARD", caId)).to.equal(undefined);
    }
    for (const caId of ["", "0000000", "01234567890123456", "0000000a", "00000000\n", "٠٠٠٠٠٠٠٠"]) {
      expect(adapter.checkName("SMARTCARD", caId)).to.equal("must be 8 to 16 digits");
    }
  });
});

describe("adapter registry", () => {
  it("finds a protocol by its name", () => {
    expect(findProtocol("nds")).to.deep.equal({ protocol: ndsProtocol });
  });

  it("finds a profile by the path of its file, as long as that holds the same", () => {
    const folder = testFolder("profile");
    const file = join(folder, "mine.yaml");
    const text = readFileSync(shippedFile("nds"), "utf8");
    writeFileSync(file, text);
    const found = findProtocol(file);
    if ("fault" in found) throw new Error(found.fault);
    expect(found.protocol.name).to.equal(file);
    expect(found.protocol.configure(good)).to.have.property("adapter");
    expect(findProtocol(file)).to.deep.equal(found);

    writeFileSync(file, text.replace("form: u32", "form: u31").replace("max: 8192", "max: x"));
    const broken = findProtocol(file);
    const fault = "fault" in broken ? broken.fault : "";
    expect(fault).to.match(/the profile has faults: .*mine\.yaml:\d+: framing\.max: .*; .*fields/);
    expect(findProtocol(join(folder, "no.yaml"))).to.deep.equal({
      fault: `the profile ${join(folder, "no.yaml")} cannot be read: ENOENT`,
    });
  });

  it("lists the known names for an unknown one", () => {
    for (const name of ["NDS", "nagra", "", "__proto__"]) {
      expect(findProtocol(name)).to.deep.equal({
        fault: `unknown protocol ${JSON.stringify(name)}; known: conax-contego-messaging, motv-csms, nagra-cas-gateway, nds, pull, and files that end in .yaml`,
      });
    }
  });
});
