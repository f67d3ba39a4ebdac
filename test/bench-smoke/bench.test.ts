import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const MAIN = fileURLToPath(new URL("../bench/main.ts", import.meta.url));

/** Whether the benchmark works; how fast anything is, no test asks. */
describe("npm run bench", function () {
  // It compiles the service and makes an inventory.
  this.timeout(120_000);

  const bench = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, ["--import", "tsx", MAIN, ...args])).stdout;

  it("prints a figure as a line of JSON, marked as quick", async () => {
    const only = ["--rounds", "1", "--database", "sqlite"];
    const lines = (await bench("create_to_ca", "--quick", "--json", ...only)).trim().split("\n");
    const [figure] = lines.map((line) => JSON.parse(line));
    expect(lines).to.have.length(1);
    expect(figure).to.include({ name: "create_to_ca_p50_ms", unit: "ms", line: 10, aim: 4 });
    expect(figure.value).to.be.greaterThan(0);
    expect(figure.marks).to.include("quick");
    expect(figure).to.include.keys("rounds", "machine", "durability", "database");
  });

  it("refuses a name that no figure has", async () => {
    const error = await bench("nonsense").catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 2 });
  });
});
