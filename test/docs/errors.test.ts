import { expect } from "chai";
import { EXIT_CODES } from "../../src/cli/exit-codes.js";
import { REASONS } from "../../src/requests/reasons.js";
import { page, row, tableRows } from "./pages.js";

describe("documentation: errors", () => {
  it("have the reasons of the code, in its order", () => {
    const rows = tableRows(page("docs/api.md"), "reason", "status", "text");
    const table = Object.entries(REASONS).map(([reason, { status, text }]) =>
      row(reason, status, text),
    );
    expect(rows.map((cells) => row(...cells)).join("\n")).to.equal(table.join("\n"));
  });

  it("have every exit code", () => {
    const rows = tableRows(page("docs/operations.md"), "exit code");
    expect(rows.map(([code]) => Number(code))).to.have.members(Object.values(EXIT_CODES));
  });
});
