import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { testFolder } from "../support/test-folder.js";

/** The program as its users start it: a process of its own. */
describe("the process", () => {
  let folder: string;

  beforeEach(() => {
    folder = testFolder("main");
  });

  function run(args: readonly string[], environment: Record<string, string> = {}, input = "") {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "src/main.ts", ...args],
      {
        encoding: "utf8",
        input,
        env: {
          PATH: process.env.PATH,
          PROVISIONING_DATABASE_URL: `sqlite:${join(folder, "p.db")}`,
          ...environment,
        },
      },
    );
    return { status, stdout, stderr };
  }

  it("lists its commands", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).to.equal(0);
    for (const command of ["serve", "migrate", "check-config", "create-user <name>"]) {
      expect(stdout).to.contain(`\n  ${command.split(" ")[0]}`);
    }
  });

  it("takes a provider of the NDS protocol from the file, and says what is wrong with it", () => {
    const file = join(folder, "p.yaml");
    const provider = (port: string) => `
providers:
  - name: nds-main
    protocol: nds
    connection:
      { host: 127.0.0.1, port: ${port}, source_id: 7, password: "\${NDS_PASSWORD}", window: 10 }
run_definitions:
  - { name: default, cron: "*/10 * * * * *" }
`;
    const environment = { PROVISIONING_CONFIG: file, NDS_PASSWORD: "s3cret" };
    writeFileSync(file, provider("7000"));
    expect(run(["migrate", "--json"], environment)).to.deep.include({ status: 0, stderr: "" });
    writeFileSync(file, provider("70000").replace("*/10", "*/10/x"));
    const { status, stdout, stderr } = run(["migrate"], environment);
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.equal(
      [
        `ca-provisioning: ${file}:6: providers[0].connection.port: must be a whole number from 1 to 65535`,
        `ca-provisioning: ${file}:8: run_definitions[0].cron: is not a cron expression that ever fires`,
        "",
      ].join("\n"),
    );
  });

  it("creates users, and refuses a password that is too long", () => {
    const database = `sqlite:${join(folder, "p.db")}`;
    const created = { status: 0, stdout: `created user ann in ${database}\n`, stderr: "" };
    expect(run(["create-user", "ann"], {}, "a good word")).to.deep.equal(created);
    expect(run(["create-user", "ann"], {}, "a good word").status).to.equal(1);
    expect(run(["create-user", "ann", "--replace"], {}, "a good word").status).to.equal(0);
    const misspelt = run(["create-user", "anm", "--replace"], {}, "a good word");
    expect(misspelt).to.deep.equal({
      status: 1,
      stdout: "",
      stderr: `ca-provisioning: no user is named anm in ${database}\n`,
    });
    expect(run(["create-user", "anm"], {}, "a good word").status).to.equal(0);
    expect(run(["create-user", "service"], {}, "a good word")).to.deep.equal({
      status: 2,
      stdout: "",
      stderr: "ca-provisioning: username: is a name of the service's own\n",
    });
    const { status, stderr } = run(["create-user", "bob"], {}, "x".repeat(257));
    expect(status).to.equal(2);
    expect(stderr).to.equal("ca-provisioning: the password is longer than 256 characters\n");
  });

  it("keeps standard output clean when the database is out of reach", () => {
    const environment = {
      PROVISIONING_DATABASE_URL: "postgres://me:s3cret@127.0.0.1:1/x",
      PROVISIONING_SECRET_KEY_FILE: join(folder, "key"),
    };
    const { status, stdout, stderr } = run(["migrate"], environment);
    expect({ status, stdout }).to.deep.equal({ status: 4, stdout: "" });
    expect(stderr).not.to.contain("s3cret");
  });
});
