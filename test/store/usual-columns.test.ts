import { expect } from "chai";
import { usualColumns } from "../../src/store/knex/usual-columns.js";

describe("usualColumns", () => {
  const columns = { number: "bigint", state: "text", code: "text", answer: "text" } as const;
  const columnsOf = usualColumns(columns, ["code", "answer"]);
  const plain = { number: 1, state: "COMPLETED" };

  it("leaves out the rare ones where no row has any", () => {
    const rows = [plain, { ...plain, code: undefined, answer: null }];
    expect(columnsOf(rows)).to.deep.equal({ number: "bigint", state: "text" });
    expect(columnsOf([])).to.deep.equal({ number: "bigint", state: "text" });
  });

  it("names all of them where one row has one, be it empty", () => {
    expect(columnsOf([plain, { ...plain, answer: "" }])).to.deep.equal(columns);
    expect(columnsOf([{ ...plain, code: "5" }, plain])).to.deep.equal(columns);
  });
});
