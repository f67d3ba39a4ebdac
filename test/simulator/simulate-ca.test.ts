import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { testFolder } from "../support/test-folder.js";
import { RawClient } from "./raw-client.js";
import { busy, reauthorise, rejection, setup, status } from "./wire.js";

const module = new URL("../../src/cli/simulate-ca.ts", import.meta.url).href;
const program = `
  import { simulateCaCommand } from ${JSON.stringify(module)};
  await simulateCaCommand().parseAsync(process.argv.slice(1), { from: "user" });
`;

function run(...flags: readonly string[]): ChildProcess {
  const node = ["--import", "tsx", "--input-type=module", "--eval", program, "--", ...flags];
  return spawn(process.execPath, node, { stdio: ["ignore", "pipe", "pipe"] });
}

/** Everything it writes, and its exit code, when it ends by itself. */
async function finish(
  child: ChildProcess,
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no standard output");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return line;
}

describe("simulate-ca", () => {
  let folder: string;
  let child: ChildProcess;

  beforeEach(async () => {
    folder = testFolder("simulate-ca");
  });

  afterEach(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`says where it listens, serves, and ends at ${signal} with 0 and its journal written`, async () => {
      const journal = join(folder, "journal");
      child = run(
        "--source-id",
        "7",
        "--password",
        "secret",
        "--busy-rate",
        "1",
        "--journal",
        journal,
      );
      const end = finish(child);
      const event = JSON.parse(await firstLine(child));
      expect(event).to.have.all.keys("event", "pid", "ca");
      expect(event).to.include({ event: "listening", pid: child.pid });
      const client = await RawClient.connect(Number(event.ca.replace("127.0.0.1:", "")));
      expect(await client.exchange(setup())).to.equal(status(1, 0));
      expect(await client.exchange(reauthorise(1))).to.equal(busy(1, 1000));
      child.kill(signal);
      await client.closed;
      const { code, stdout, stderr } = await end;
      expect(code).to.equal(0);
      expect(stdout.trimEnd().split("\n")).to.have.length(1);
      expect(stderr)
        .to.match(/seed \d+/)
        .and.not.contain("secret");
      const lines = (await readFile(journal, "utf8")).trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line).ev)).to.deep.equal([
        "session",
        "arrival",
        "busy",
      ]);
    });
  }

  it("takes every flag", async () => {
    child = run(
      ...["--port", "0", "--profile", "nds", "--source-id", "9", "--password", "p", "--seed", "5"],
      ...["--latency-ms", "1", "--busy-rate", "0", "--fail-rate", "1", "--reject-rate", "0.5"],
      ...["--silent-rate", "0", "--drop-rate", "0", "--disconnect-rate", "0", "--forget"],
    );
    const event = JSON.parse(await firstLine(child));
    const client = await RawClient.connect(Number(event.ca.split(":")[1]));
    expect(await client.exchange(setup({ sourceId: 9, password: "p" }))).to.equal(status(1, 0));
    expect(rejection(await client.exchange(reauthorise(1))).code).to.equal(100);
    await client.end();
  });

  it("refuses flags that cannot be with 2 and the flag's name", async () => {
    const faults = [
      ["--busy-rate", "1.5"],
      ["--drop-rate", "-1"],
      ["--fail-rate", "often"],
      ["--reject-rate", ""],
      ["--port", "70000"],
      ["--profile", "other"],
      ["--no-such-flag"],
    ];
    const ends = await Promise.all(faults.map((flags) => finish(run(...flags))));
    for (const [i, { code, stdout, stderr }] of ends.entries()) {
      expect(code).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr).to.contain(faults[i]?.[0]);
    }
  });

  it("helps with 0", async () => {
    child = run("--help");
    const { code, stdout } = await finish(child);
    expect(code).to.equal(0);
    expect(stdout).to.contain("--disconnect-rate");
  });

  it("ends with 2 when its port is taken", async () => {
    child = run();
    const port = JSON.parse(await firstLine(child)).ca.replace("127.0.0.1:", "");
    const { code, stdout, stderr } = await finish(run("--port", port));
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.contain(`127.0.0.1:${port}`);
  });

  it("ends with 1 when its journal cannot be opened", async () => {
    child = run("--journal", join(folder, "missing", "journal"));
    const { code, stdout, stderr } = await finish(child);
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.contain("ENOENT");
  });
});
