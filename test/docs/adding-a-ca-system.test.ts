import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CliContext } from "../../src/cli/cli-context.js";
import { profileCommand } from "../../src/cli/profile.js";
import { runCli } from "../cli/run-cli.js";
import { testFolder } from "../support/test-folder.js";
import { blocks, page, ROOT } from "./pages.js";

const FOLDER = `${ROOT}/test/adapters/profile/made-up`;
const NAME = "lighthouse.yaml";
const LINE = "npx ca-provisioning ";

const commands = (context: CliContext) => [profileCommand(context)];

describe("documentation: adding a CA system", () => {
  const all = blocks([page("docs/adding-a-ca-system.md")]);
  const texts = (language: string) =>
    all.filter((block) => block.language === language).map(({ text }) => text);

  it("writes the profile and the test that are there, whole", () => {
    expect(`${texts("yml").join("\n")}`).to.equal(readFileSync(`${FOLDER}/${NAME}`, "utf8"));
    expect(texts("ts")).to.deep.equal([readFileSync(`${FOLDER}/lighthouse.test.ts`, "utf8")]);
  });

  it("prints below each command what it prints, with the profile as it is by then", async () => {
    const file = join(testFolder("adding"), NAME);
    const written: string[] = [];
    let run = 0;
    for (const [index, { language, text }] of all.entries()) {
      if (language === "yml") {
        written.push(text);
        writeFileSync(file, written.join("\n"));
      }
      if (language !== "sh" || !text.startsWith(LINE)) continue;
      const args = [...text.slice(LINE.length).matchAll(/'([^']*)'|(\S+)/g)]
        .map(([, quoted, bare = ""]) => quoted ?? bare)
        .map((arg) => (arg === NAME ? file : arg));
      const { stdout, stderr } = await runCli(args, commands);
      expect(all[index + 1]?.language).to.equal("text");
      expect((stdout + stderr).replaceAll(file, NAME), text).to.equal(all[index + 1]?.text);
      run += 1;
    }
    expect(run).to.be.greaterThan(5);
  });

  it("runs a suite that is there", () => {
    const [, spec = ""] = /--spec (\S+)/.exec(texts("sh").join("\n")) ?? [];
    expect(existsSync(`${ROOT}/${spec}`), spec).to.equal(true);
  });
});
