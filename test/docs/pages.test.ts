import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { blocks, PAGES, page, ROOT } from "./pages.js";

/** The anchors that a page's headings make. */
function anchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("documentation: pages", () => {
  for (const { path, text } of PAGES) {
    it(`${path} links to what is there`, () => {
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [file = "", anchor] = target.split("#");
        const found = file === "" ? path : relative(ROOT, join(ROOT, dirname(path), file));
        expect(existsSync(join(ROOT, found)), target).to.equal(true);
        if (anchor !== undefined) expect([...anchors(page(found).text)]).to.include(anchor);
      }
    });
  }

  it("have shell lines that a shell can read", () => {
    for (const { path, text } of blocks(PAGES, "sh")) {
      const { status, stderr } = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
      expect(stderr, `${path}: ${text}`).to.equal("");
      expect(status).to.equal(0);
    }
  });

  it("have JSON that can be read", () => {
    for (const { path, text } of blocks(PAGES, "json")) {
      expect(() => JSON.parse(text), path).not.to.throw();
    }
    for (const { path, text } of blocks(PAGES, "ndjson")) {
      for (const line of text.trimEnd().split("\n")) {
        expect(() => JSON.parse(line), path).not.to.throw();
      }
    }
  });

  it("close every fence", () => {
    for (const { path, text } of PAGES) {
      expect((text.match(/^ *```/gm) ?? []).length % 2, path).to.equal(0);
    }
  });

  it("name source files that exist", () => {
    const engine = page("docs/engine.md").text;
    const lists = [...engine.matchAll(/^(?:`[\w/.-]+\.ts`(?:, )?)+$/gm)];
    expect(lists).to.have.length.greaterThan(5);
    for (const [list] of lists) {
      let folder = "";
      for (const [, file = ""] of list.matchAll(/`([^`]+)`/g)) {
        // A bare name stands in the folder of the one before it.
        if (file.includes("/") || folder === "") folder = dirname(file);
        const name = file.includes("/") ? file : join(folder, file);
        expect(existsSync(join(ROOT, "src", name)), name).to.equal(true);
      }
    }
  });

  it("keep the README short enough to be read", () => {
    expect(page("README.md").text.split("\n").length).to.be.lessThan(300);
  });

  it("have the version of the package in the changelog", () => {
    const text = readFileSync(join(ROOT, "package.json"), "utf8");
    const { version } = JSON.parse(text) as { version: string };
    expect(page("CHANGELOG.md").text).to.include(version);
    expect(page("CHANGELOG.md").text).to.include("## [Unreleased]");
  });
});
