import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Command } from "commander";
import { EXIT_CODES, ExitError } from "../../src/cli/exit-codes.js";
import { ConfigError } from "../../src/config/config-fault.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { SecretKeyError } from "../../src/secrets/secret-key-error.js";
import { DatabaseUnreachable } from "../../src/store/database-unreachable.js";
import { runCli } from "./run-cli.js";

describe("the program", () => {
  /** A command `work` that does what it is told. */
  const run = (args: readonly string[], action: () => void | Promise<void> = () => undefined) =>
    runCli(args, () => [
      new Command("work")
        .description("work hard")
        .argument("<file>")
        .option("--json")
        .action(action),
    ]);

  it("runs a command and ends with 0", async () => {
    let done = 0;
    const result = await run(["work", "x"], async () => {
      done += 1;
    });
    expect(result).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(done).to.equal(1);
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const expected = { code: 0, stdout: `${version}\n`, stderr: "" };
    expect(await run(["--version"])).to.deep.equal(expected);
  });

  for (const args of [["--help"], ["help"]]) {
    it(`helps when asked: ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(stdout).to.contain("Usage: ca-provisioning").and.to.contain("work hard");
    });
  }

  for (const args of [
    ["work", "--help"],
    ["help", "work"],
  ]) {
    it(`helps with a command: ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(stdout).to.contain("Usage: ca-provisioning work [options] <file>");
    });
  }

  const wrong: Record<string, [args: readonly string[], message: string]> = {
    "no command": [[], "Usage: ca-provisioning"],
    "an unknown command": [["wrok"], "unknown command 'wrok'"],
    "an unknown option": [["work", "x", "--fast"], "unknown option '--fast'"],
    "a missing argument": [["work"], "missing required argument 'file'"],
    "too many arguments": [["work", "x", "y"], "too many arguments"],
  };
  for (const [title, [args, message]] of Object.entries(wrong)) {
    it(`ends with 2 for ${title}`, async () => {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.contain(message);
    });
  }

  const fails: Record<string, [error: Error, code: number]> = {
    "what a command says": [new ExitError(EXIT_CODES.someRefused, "3 lines refused"), 3],
    "a configuration fault": [new ConfigError([{ where: "X", description: "is wrong" }]), 2],
    "a secret key fault": [new SecretKeyError("wrong key"), 2],
    "a database out of reach": [new DatabaseUnreachable("nobody there"), 4],
    "input that breaks the rules": [ServiceError.of("INVALID_REQUEST"), 2],
    "a service out of reach": [ServiceError.of("STOPPING"), 4],
  };
  for (const [title, [error, code]] of Object.entries(fails)) {
    it(`ends with ${code} for ${title}`, async () => {
      const result = await run(["work", "x"], async () => {
        throw error;
      });
      const stderr = `ca-provisioning: ${error.message}\n`;
      expect(result).to.deep.equal({ code, stdout: "", stderr });
    });
  }

  it("ends with 1 for an error nobody expected, and shows where it came from", async () => {
    const { code, stderr } = await run(["work", "x"], () => {
      throw new TypeError("a bug");
    });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^ca-provisioning: a bug\nTypeError: a bug\n {4}at /);
  });
});
