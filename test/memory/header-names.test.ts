import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const LOADED_FIRST = fileURLToPath(new URL("../../src/memory/header-names.ts", import.meta.url));

/** How many of Node's texts for names of headers V8 knows as names, after a start like this. */
function known(first: string): { texts: number; known: number } {
  const script = `${first}
    const { constants } = await import("node:http2");
    for (let i = 0; i < 3; i += 1) gc({ type: "minor" });
    for (let i = 0; i < 3; i += 1) gc();
    const texts = Object.values(constants).filter((value) => typeof value === "string");
    const known = texts.filter((text) => %IsInternalizedString(text)).length;
    console.log(JSON.stringify({ texts: texts.length, known }));`;
  const flags = ["--allow-natives-syntax", "--expose-gc", "--no-warnings", "--import=tsx"];
  const told = execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  return JSON.parse(told) as { texts: number; known: number };
}

describe("header-names", () => {
  it("makes V8 know Node's names of headers as names, before they grow old", () => {
    const { texts, known: before } = known("");
    expect(texts).to.be.greaterThan(100);
    expect(before).to.be.lessThan(texts);
    expect(known(`await import(${JSON.stringify(LOADED_FIRST)});`).known).to.equal(texts);
  });
});
