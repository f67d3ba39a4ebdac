import { expect } from "chai";
import { SETTINGS } from "../../src/config/setting-table.js";
import { REASONS } from "../../src/requests/reasons.js";
import { PAGES, page, row, tableRows } from "./pages.js";

const HEADER = ["variable", "default", "meaning"];

/** No settings of the service: a variable of a command, and reasons of errors. */
const OTHERS = new Set(["PROVISIONING_TOKEN", ...Object.keys(REASONS)]);

function shownDefault({ default: value, unit }: { default: string | undefined; unit?: string }) {
  if (value === undefined) return "none";
  if (value === "") return "empty";
  return unit === undefined ? `\`${value}\`` : `\`${value}\` ${unit}`;
}

describe("documentation: settings", () => {
  const table = Object.values(SETTINGS).map((setting) =>
    row(`\`${setting.variable}\``, shownDefault(setting), setting.meaning),
  );

  for (const path of ["README.md", "docs/configuration.md"]) {
    it(`are in ${path} as in the code`, () => {
      const rows = tableRows(page(path), ...HEADER).map((cells) => row(...cells));
      expect(rows.join("\n")).to.equal(table.join("\n"));
    });
  }

  it("are the only variables of that name that the pages tell of", () => {
    const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable));
    for (const { path, text } of PAGES) {
      for (const [variable] of text.matchAll(/PROVISIONING_[A-Z_]*[A-Z]/g)) {
        expect(known.has(variable) || OTHERS.has(variable), `${variable} in ${path}`).to.equal(
          true,
        );
      }
    }
  });
});
