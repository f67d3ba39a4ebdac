import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { createLogger } from "../../src/telemetry/logger.js";

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

  it("loses nothing when the process dies, and keeps standard output clean", () => {
    const script = `
      import { createLogger } from "./src/telemetry/logger.js";
      const logger = createLogger({ level: "info" });
      for (let i = 0; i < 1000; i += 1) logger.info({ i }, "line");
      process.kill(process.pid, "SIGKILL");`;
    const { stdout, stderr, signal } = spawnSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script],
      { encoding: "utf8" },
    );
    expect(signal).to.equal("SIGKILL");
    expect(stdout).to.equal("");
    expect(stderr.trimEnd().split("\n")).to.have.length(1000);
  });
});
