import { expect } from "chai";
import fc from "fast-check";
import { collect, linesOf } from "./chunks.js";

describe("readLines", () => {
  const texts = async (content: string | Buffer, size?: number) =>
    (await collect(linesOf(content, size))).map(({ text, fault }) => fault ?? text);

  it("cuts at line feeds and takes carriage returns and a byte order mark off", async () => {
    expect(await texts("\u{FEFF}a\r\n\nb\u{FEFF}")).to.deep.equal(["a", "", "b\u{FEFF}"]);
    expect(await texts("")).to.deep.equal([]);
    expect(await texts("a\n")).to.deep.equal(["a"]);
  });

  it("gives the same lines whatever the chunks are, characters cut in two included", async () => {
    const content = fc.array(fc.constantFrom("a", "é", "😀", "\n", '"', ","), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const text = parts.join("");
        const lines = text.split("\n");
        if (lines.at(-1) === "") lines.pop();
        expect(await texts(text, size)).to.deep.equal(lines);
      }),
    );
  });

  it("finds the lines that are not UTF-8, and only those", async () => {
    const bytes = Buffer.concat([
      Buffer.from("é\n"),
      Buffer.from([0x61, 0xe9, 0x0a]),
      Buffer.from("😀"),
    ]);
    for (let size = 1; size < 12; size += 1) {
      const lines = await collect(linesOf(bytes, size));
      expect(lines.map(({ number, fault }) => [number, fault])).to.deep.equal([
        [1, undefined],
        [2, "is not UTF-8"],
        [3, undefined],
      ]);
    }
  });

  it("keeps no more of a line that is too long than what shows it", async () => {
    const long = "x".repeat(3_000_000);
    const lines = await collect(linesOf(`a\n${long}\nb\n${long}`, 65_536));
    expect(lines.map(({ number, text, fault }) => [number, text.length, fault])).to.deep.equal([
      [1, 1, undefined],
      [2, 1000, "is longer than 1048576 bytes"],
      [3, 1, undefined],
      [4, 1000, "is longer than 1048576 bytes"],
    ]);
  });
});
