import { expect } from "chai";
import { readCsvLines } from "../../src/import/csv-lines.js";
import type { ImportLine } from "../../src/import/import-line.js";
import { collect, linesOf } from "./chunks.js";

const HEADER =
  "subscription_id,subscription_number,item_id,item_type,serial_number,alternative_code,ca_id,provider";
const CARD = "S-1,N-1,I-1,SMARTCARD,SN-1,ALT-1,12345678,nds-main";

function read(content: string, size = 50): Promise<ImportLine[]> {
  return collect(readCsvLines(linesOf(content, size)));
}

/** The lines after the header, each with the id of its subscription or with what is wrong. */
async function short(...lines: string[]): Promise<string[]> {
  return (await read([HEADER, ...lines].join("\n"))).map((line) =>
    line.kind === "draft" ? `${line.line} ${line.draft.id}` : `${line.line} ${line.message}`,
  );
}

async function failure(content: string): Promise<string> {
  try {
    await read(content);
  } catch (error) {
    if (error instanceof Error && error.name === "UnusableInput") return error.message;
    throw error;
  }
  throw new Error("the file was read");
}

const QUOTES = "the line has a quote that is not closed, or not where quotes may be";

describe("readCsvLines", () => {
  it("makes a subscription of each line, with an item or without", async () => {
    expect(await read(`\u{FEFF}${HEADER}\r\n${CARD}\r\nS-2,N-2,,,,,,\r\n`)).to.deep.equal([
      {
        kind: "draft",
        line: 2,
        content: CARD,
        draft: {
          id: "S-1",
          number: "N-1",
          items: [
            {
              id: "I-1",
              type: "SMARTCARD",
              serialNumber: "SN-1",
              alternativeCode: "ALT-1",
              caId: "12345678",
              provider: "nds-main",
            },
          ],
        },
      },
      {
        kind: "draft",
        line: 3,
        content: "S-2,N-2,,,,,,",
        draft: { id: "S-2", number: "N-2", items: [] },
      },
    ]);
  });

  it("takes columns in any order", async () => {
    const columns = HEADER.split(",").toReversed().join(",");
    const [line] = await read(`${columns}\n${CARD.split(",").toReversed().join(",")}`);
    const [same] = await read(`${HEADER}\n${CARD}`);
    expect(line).to.deep.include({ draft: same?.kind === "draft" && same.draft });
  });

  it("reads nothing without the right header", async () => {
    expect(await failure("")).to.match(/no header line/);
    expect(await failure("\n\n")).to.match(/no header line/);
    expect(await failure(CARD)).to.match(/unknown column "S-1"/);
    expect(await failure(`${HEADER},colour\n`)).to.match(/unknown column "colour"/);
    expect(await failure(HEADER.replace("ca_id,", ""))).to.match(/missing column ca_id/);
    expect(await failure(`${HEADER},ca_id`)).to.match(/column ca_id is there twice/);
    expect(await failure(`"${HEADER}`)).to.match(/header line has a quote/);
  });

  it("reads quoted cells, with separators, quotes and line breaks inside", async () => {
    const [first, second, third] = await read(
      `"subscription_id"${HEADER.slice(15)}\n"S,1",N-1,,,,,,\n"S""2",N-2,,,,,,\n"S\n3",N-3,,,,,,`,
    );
    expect(first).to.deep.include({ line: 2, draft: { id: "S,1", number: "N-1", items: [] } });
    expect(second).to.deep.include({ line: 3, draft: { id: 'S"2', number: "N-2", items: [] } });
    expect(third).to.deep.include({ line: 4, draft: { id: "S\n3", number: "N-3", items: [] } });
  });

  it("passes over empty lines, and counts them", async () => {
    expect(await short("", CARD, "", "", CARD, "")).to.deep.equal(["3 S-1", "6 S-1"]);
  });

  it("refuses a line with too few or too many cells", async () => {
    expect(await short("S-1,N-1", CARD, `${CARD},`)).to.deep.equal([
      "2 the line has 2 cells where the header has 8",
      "3 S-1",
      "4 the line has 9 cells where the header has 8",
    ]);
  });

  it("never lets a line with wrong quotes take another one with it", async () => {
    const stray = 'S-1"",N-1,I-1,SMARTCARD,SN-1,,,';
    const [header, ...lines] = await short(CARD, 'S-"1,N-1', CARD, '"S"-1,N-1', CARD, stray, CARD);
    expect(header).to.equal("2 S-1");
    expect(lines.filter((line) => line.endsWith(" S-1"))).to.deep.equal([
      "4 S-1",
      "6 S-1",
      "8 S-1",
    ]);
    expect(lines[0]).to.equal(`3 ${QUOTES}`);
    expect(lines[2]).to.match(/^5 the line is not CSV: /);
    expect(lines[4]).to.match(/^7 the line is not CSV: /);
  });

  it("refuses a quote that nobody closes, at the end or within a hundred lines", async () => {
    const many = Array.from({ length: 250 }, () => CARD);
    const lines = await short('"S-1,N-1', ...many, '"S-1,N-1');
    expect(lines[0]).to.equal(`2 ${QUOTES}`);
    expect(lines.slice(1, -1)).to.deep.equal(many.map((_, n) => `${n + 3} S-1`));
    expect(lines.at(-1)).to.equal(`253 ${QUOTES}`);
  });

  it("refuses lines that are not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n${CARD}\nS`), Buffer.from([0xff])]);
    const lines = await collect(readCsvLines(linesOf(bytes)));
    expect(lines.at(-1)).to.deep.include({ line: 3, message: "the line is not UTF-8" });
  });
});
