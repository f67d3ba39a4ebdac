import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createLogger } from "../../src/telemetry/logger.js";
import { eventually, inTime } from "../support/world/eventually.js";

describe("the logger", () => {
  function lines(level: "info" | "silent", log: (logger: ReturnType<typeof createLogger>) => void) {
    const written: Record<string, unknown>[] = [];
    log(createLogger({ level, destination: { write: (line) => written.push(JSON.parse(line)) } }));
    return written;
  }

  it("writes one JSON object per line, from its level on", () => {
    const written = lines("info", (logger) => {
      logger.debug("too small");
      logger.info({ provider: "main" }, "said");
    });
    expect(written).to.have.length(1);
    expect(written[0]).to.include({ level: "info", msg: "said", provider: "main" });
    expect(written[0]?.time).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(lines("silent", (logger) => logger.fatal("nothing"))).to.deep.equal([]);
  });

  it("hides what is secret", () => {
    const [line] = lines("info", (logger) =>
      logger.info({ password: "s3cret", call: { token: "s3cret", body: { newPin: "s3cret" } } }),
    );
    expect(line).to.deep.include({ password: "[hidden]" });
    expect(JSON.stringify(line)).not.to.contain("s3cret");
  });

  /** Arguments of a process that logs so many lines and then goes on as told. */
  function logging(count: number, then: string) {
    const script = `
      import { createLogger } from "./src/telemetry/logger.js";
      const logger = createLogger({ level: "info" });
      for (let i = 0; i < ${count}; i += 1) logger.info({ i }, "line");
      ${then}`;
    return ["--import", "tsx", "--input-type=module", "--eval", script];
  }

  /** Such a process, when it has logged all its lines and nobody has read one. */
  async function unread(count: number, then: string) {
    const args = logging(count, `process.stdout.write("logged\\n"); ${then}`);
    const child = spawn(process.execPath, args);
    await inTime("its lines", once(createInterface({ input: child.stdout }), "line"));
    return child;
  }

  it("loses nothing when the process dies, and keeps standard output clean", () => {
    const { stdout, stderr, signal } = spawnSync(
      process.execPath,
      logging(1000, `process.kill(process.pid, "SIGKILL");`),
      { encoding: "utf8" },
    );
    expect(signal).to.equal("SIGKILL");
    expect(stdout).to.equal("");
    expect(stderr.trimEnd().split("\n")).to.have.length(1000);
  });

  it("does not wait for who does not read, and says later how many lines it dropped", async () => {
    const child = await unread(40_000, "process.stdin.resume();");
    const lines: Record<string, unknown>[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => lines.push(JSON.parse(line)));
    const said = await eventually(
      "the count",
      async () => lines.at(-1),
      (line) => line?.dropped !== undefined,
    );
    expect(said).to.include({ level: "error", dropped: 40_000 - (lines.length - 1) });
    expect(lines.slice(0, -1).map(({ i }) => i)).to.deep.equal(
      Array.from({ length: lines.length - 1 }, (_, i) => i),
    );
    child.stdin.end();
    expect(await once(child, "exit")).to.deep.equal([0, null]);
  });

  const ends = {
    "an exit": "process.exit(3);",
    "a crash": `setImmediate(() => { throw new Error("crash"); });`,
  };
  for (const [title, end] of Object.entries(ends)) {
    it(`loses nothing that waits to be read at ${title}`, async () => {
      const child = await unread(3000, end);
      const log = await text(child.stderr);
      expect(log.split("\n").filter((line) => line.startsWith("{"))).to.have.length(3000);
    });
  }
});
