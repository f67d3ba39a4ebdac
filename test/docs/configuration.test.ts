import { expect } from "chai";
import { findProtocol } from "../../src/adapters/registry.js";
import { readConfigFile } from "../../src/config/config-file.js";
import { readHeader } from "../../src/import/csv-columns.js";
import { DEFAULT_RUN_DEFINITION } from "../../src/providers/run-definition.js";
import { checkCron } from "../../src/schedule/check-cron.js";
import { blocks, PAGES, page, plain, tableRows } from "./pages.js";

const environment = { NDS_PASSWORD: "trial", CONAX_PASSWORD: "trial", CSMS_SECRET: "trial" };

function read(text: string) {
  return readConfigFile("example.yaml", text, { environment, findProtocol, checkCron });
}

/** The first columns of a table whose keys begin with `prefix`, as they are called inside it. */
function documentedKeys(prefix: string): string[] {
  return tableRows(page("docs/configuration.md"), "key", "value", "meaning")
    .flatMap(([keys = ""]) => plain(keys).split(", "))
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

describe("documentation: configuration", () => {
  const configuration = page("docs/configuration.md");
  const [full] = blocks([configuration], "yaml");

  for (const { path, text } of blocks(PAGES, "yaml")) {
    it(`in ${path} is accepted`, () => {
      expect(read(text).faults).to.equal(undefined);
    });
  }

  it("shows defaults that are the defaults", () => {
    const shown = read(full?.text ?? "").value;
    const [definition] = shown?.providers ?? [];
    expect(shown?.runDefinitions).to.deep.equal([DEFAULT_RUN_DEFINITION]);
    const text = `providers: [{ name: nds-main, protocol: nds, connection: ${JSON.stringify({
      host: "127.0.0.1",
      port: 7000,
      source_id: 7,
      password: "trial",
    })} }]`;
    const [least] = read(text).value?.providers ?? [];
    expect(definition?.adapter.connections).to.equal(least?.adapter.connections);
    expect(definition?.adapter.window).to.equal(least?.adapter.window);
    expect([...(least?.adapter.commands ?? [])]).to.deep.equal(definition?.definition.commands);
    expect(least?.definition.lifeCycleState).to.equal(definition?.definition.lifeCycleState);
  });

  it("tells every key of the example, and no other", () => {
    const keys = [...(full?.text ?? "").matchAll(/^ +(?:- )?([a-z_]+):/gm)].map(([, key]) => key);
    const told = [...documentedKeys("limits."), ...documentedKeys("")].filter(
      (key) => !key.includes("."),
    );
    const groups = ["connection", "limits"];
    expect(new Set([...told, ...groups])).to.deep.equal(new Set(keys));
  });

  it("shows CSV files that have the columns", () => {
    const files = blocks(PAGES, "csv");
    expect(files).to.have.length.greaterThan(1);
    for (const { text } of files) {
      const [header = "", ...lines] = text.trimEnd().split("\n");
      const { width } = readHeader(header.split(","));
      for (const line of lines) expect(line.split(",")).to.have.length(width);
    }
  });
});
