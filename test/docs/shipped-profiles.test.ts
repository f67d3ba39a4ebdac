import { readFileSync } from "node:fs";
import { expect } from "chai";
import { loadProfile } from "../../src/adapters/profile/load-profile.js";
import { SHIPPED_NAMES, shippedFile } from "../../src/adapters/profile/shipped-profiles.js";
import { isCommandType } from "../../src/requests/command.js";
import { page, plain, tableRows } from "./pages.js";

const text = page("docs/shipped-profiles.md");

function profileOf(name: string) {
  const { value } = loadProfile(name, readFileSync(shippedFile(name), "utf8"));
  if (value === undefined) throw new Error(`${name} has faults`);
  return value;
}

describe("documentation: profiles that ship", () => {
  const rows = tableRows(text, "protocol", "CA system", "commands");

  it("tell of each but the reference, with its commands", () => {
    const told = rows.map(([name = ""]) => plain(name));
    expect([...told, "nds"]).to.have.members(SHIPPED_NAMES);
    for (const [name = "", , commands = ""] of rows) {
      const words = commands.split(/[ ,]+/).filter(isCommandType);
      expect(words).to.deep.equal([...profileOf(plain(name)).protocol.commands.keys()]);
    }
  });

  it("tell of every setting", () => {
    const told = tableRows(text, "setting", "meaning").flatMap(([names = ""]) =>
      plain(names).split(", "),
    );
    for (const [name = ""] of rows) {
      for (const setting of Object.keys(profileOf(plain(name)).source.settings)) {
        // Those of the other commands are told by the first pair; user and password by the example.
        const pair = setting.replace(/^(?:authorise|cancel|pair|unpair)_/, "reauthorise_");
        const known = told.includes(pair) || new RegExp(`^ +${setting}: `, "m").test(text.text);
        expect(known, setting).to.equal(true);
      }
    }
  });

  it("name every rule's statuses that are the CA system's own words", () => {
    const conax = readFileSync(shippedFile("conax-contego-messaging"), "utf8");
    for (const [code] of conax.matchAll(/\b[A-Z]+_[A-Z_]+\b/g)) {
      if (code === "SEND_ON_SCREEN_MESSAGE") continue;
      expect(text.text, code).to.include(code);
    }
  });
});
