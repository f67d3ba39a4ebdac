import { expect } from "chai";
import { readNdjsonLines } from "../../src/import/ndjson-lines.js";
import { collect, linesOf } from "./chunks.js";

async function read(...values: unknown[]) {
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return collect(readNdjsonLines(linesOf(texts.join("\n"), 64)));
}

async function faultOf(value: unknown): Promise<string> {
  const [line] = await read(value);
  return line?.kind === "broken" ? line.message : "none";
}

const ITEM = {
  id: "I-1",
  type: "SMARTCARD",
  serialNumber: "SN-1",
  alternativeCode: "",
  caId: "12345678",
  provider: "nds-main",
};
const DRAFT = { id: "S-1", number: "N-1", items: [ITEM] };

describe("readNdjsonLines", () => {
  it("reads proto JSON, with names in either case and types by name or number", async () => {
    const { type: _, ...item } = ITEM;
    const lines = await read(
      {
        id: "S-1",
        number: "N-1",
        installedItems: [{ ...item, type: "TYPE_SMARTCARD", alternativeCode: null }],
        createdDate: "2026-01-01T00:00:00Z",
      },
      "",
      {
        id: "S-1",
        number: "N-1",
        installed_items: [
          { id: "I-1", type: 1, serial_number: "SN-1", ca_id: "12345678", provider: "nds-main" },
        ],
      },
      { id: "S-1" },
    );
    expect(lines.map((line) => line.kind === "draft" && [line.line, line.draft])).to.deep.equal([
      [1, DRAFT],
      [3, DRAFT],
      [4, { id: "S-1", number: "", items: [] }],
    ]);
  });

  it("leaves a type that is not known to the check", async () => {
    for (const type of ["SMARTCARD", "TYPE_", "TYPE_UNSPECIFIED", 0, 99, "", "__proto__"]) {
      const [line] = await read({ id: "S-1", installedItems: [{ type }] });
      const read_ = line?.kind === "draft" ? line.draft.items[0]?.type : undefined;
      expect(["", "UNSPECIFIED"], String(type)).to.include(read_);
    }
  });

  it("says what is wrong with a line, and where", async () => {
    expect(await faultOf("{")).to.equal("the line is not JSON");
    expect(await faultOf([])).to.equal("the line must be an object");
    expect(await faultOf("null")).to.equal("the line must be an object");
    expect(await faultOf({ id: 1 })).to.equal("id: must be a text");
    expect(await faultOf({ colour: 1 })).to.equal("colour: is no known field");
    expect(await faultOf('{"__proto__":1}')).to.equal("__proto__: is no known field");
    expect(await faultOf({ installedItems: [], installed_items: [] })).to.equal(
      "installed_items: is given twice",
    );
    expect(await faultOf({ installedItems: {} })).to.equal("installed_items: must be a list");
    expect(await faultOf({ installedItems: [{}, { caId: true }] })).to.equal(
      "installed_items[1].ca_id: must be a text",
    );
    expect(await faultOf("[".repeat(100_000))).to.equal("the line is not JSON");
  });
});
