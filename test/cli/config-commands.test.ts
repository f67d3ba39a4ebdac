import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { checkConfigCommand } from "../../src/cli/check-config.js";
import type { CliContext } from "../../src/cli/cli-context.js";
import { migrateCommand } from "../../src/cli/migrate.js";
import { Cipher } from "../../src/secrets/cipher.js";
import { DATABASES } from "../support/stores.js";
import { testFolder } from "../support/test-folder.js";
import { runCli } from "./run-cli.js";

const FILE = `
providers:
  - name: main
    protocol: fake
    connection: { host: h, port: 1, password: "\${CA_PASSWORD}" }
    limits: { rate_per_second: 5 }
run_definitions:
  - { name: nightly, cron: "0 0 3 * * *" }
`;

const commands = (context: CliContext) => [checkConfigCommand(context), migrateCommand(context)];

function folderWith(text: string): { folder: string; environment: Record<string, string> } {
  const folder = testFolder("cli");
  const file = join(folder, "p.yaml");
  writeFileSync(file, text);
  return {
    folder,
    environment: {
      PROVISIONING_CONFIG: file,
      PROVISIONING_DATABASE_URL: `sqlite:${join(folder, "data", "p.db")}`,
      PROVISIONING_ADMIN_PASSWORD: "s3cret",
      CA_PASSWORD: "s3cret",
    },
  };
}

describe("check-config", () => {
  it("prints what the configuration comes to, as YAML or JSON, without secrets", async () => {
    const { folder, environment } = folderWith(FILE);
    const { code, stdout, stderr } = await runCli(["check-config"], commands, { environment });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const effective = parse(stdout);
    expect(effective.settings).to.deep.equal({
      PROVISIONING_GRPC_ADDRESS: "127.0.0.1:50051",
      PROVISIONING_HTTP_ADDRESS: "127.0.0.1:8080",
      PROVISIONING_DATABASE_URL: environment.PROVISIONING_DATABASE_URL,
      PROVISIONING_SQLITE_DRIVER: "sqlite3",
      PROVISIONING_CONFIG: environment.PROVISIONING_CONFIG,
      PROVISIONING_AUTH: "token",
      PROVISIONING_ADMIN_PASSWORD: "[hidden]",
      PROVISIONING_SECRET_KEY_FILE: join(folder, "data", "p.db.key"),
      PROVISIONING_LEASE_MS: 30_000,
      PROVISIONING_HEARTBEAT_MS: 10_000,
      PROVISIONING_STOP_TIMEOUT_MS: 20_000,
      PROVISIONING_BACKOFF_BASE_MS: 1000,
      PROVISIONING_BACKOFF_MAX_MS: 60_000,
      PROVISIONING_HTTP_PREFIX: "",
      PROVISIONING_HTTP_TIME_ZONE: "UTC",
      PROVISIONING_LOG_LEVEL: "info",
    });
    expect(effective.providers).to.deep.equal([
      {
        name: "main",
        protocol: "fake",
        life_cycle_state: "EFFECTIVE",
        commands: ["REAUTHORISE_ALL_SERVICES", "SET_USER_PARAMETERS"],
        services: {},
        connection: { host: "h", port: 1, password: "[hidden]" },
        limits: { rate_per_second: 5, burst: 5, max_in_flight: 20, max_attempts: 10 },
      },
    ]);
    const rest = { time_zone: "UTC", providers: [], wake: true, life_cycle_state: "EFFECTIVE" };
    expect(effective.run_definitions).to.deep.equal([
      { name: "default", cron: "*/10 * * * * *", ...rest },
      { name: "nightly", cron: "0 0 3 * * *", ...rest },
    ]);

    const json = await runCli(["check-config", "--json"], commands, { environment });
    expect(json.stdout.trimEnd().split("\n")).to.have.length(1);
    expect(JSON.parse(json.stdout)).to.deep.equal({ event: "configuration", ...effective });
    expect(stdout + json.stdout).not.to.contain("s3cret");
    expect(existsSync(join(folder, "data"))).to.equal(false);
  });

  it("tells all faults of environment and file at once, and ends with 2", async () => {
    const { environment } = folderWith("providers:\n  - name: a\n    protocol: morse\nextra: 1\n");
    const { code, stdout, stderr } = await runCli(["check-config"], commands, {
      environment: { ...environment, PROVISIONING_AUTH: "none" },
    });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    const file = environment.PROVISIONING_CONFIG;
    expect(stderr.split("\n")).to.deep.equal([
      "ca-provisioning: PROVISIONING_AUTH: must be token or off",
      `ca-provisioning: ${file}:2: providers[0].connection: is missing`,
      `ca-provisioning: ${file}:4: extra: is not a known key`,
      "",
    ]);
  });

  it("tells when the file cannot be read", async () => {
    const environment = { PROVISIONING_CONFIG: "/no/such.yaml" };
    const { code, stderr } = await runCli(["check-config"], commands, { environment });
    expect(code).to.equal(2);
    expect(stderr).to.contain("PROVISIONING_CONFIG: cannot read /no/such.yaml: ENOENT");
  });

  it("looks at the key file that PostgreSQL needs, and hides the password of its URL", async () => {
    const { folder, environment } = folderWith("");
    const keyFile = join(folder, "key");
    const postgres = {
      ...environment,
      PROVISIONING_DATABASE_URL: "postgres://me:s3cret@db.example:5432/x",
      PROVISIONING_SECRET_KEY_FILE: keyFile,
    };
    const missing = await runCli(["check-config"], commands, { environment: postgres });
    expect(missing.code).to.equal(2);
    expect(missing.stderr).to.contain(`cannot read the secret key file ${keyFile}: ENOENT`);
    writeFileSync(keyFile, Buffer.alloc(32), { mode: 0o600 });
    const { code, stdout } = await runCli(["check-config"], commands, { environment: postgres });
    expect(code).to.equal(0);
    expect(stdout).to.contain("postgres://db.example:5432/x").and.not.to.contain("s3cret");
  });

  it("points at variables that look like settings", async () => {
    const environment = { PROVISIONING_LEASE: "1", PROVISIONING_TOKEN: "t", OTHER: "x" };
    const { code, stderr } = await runCli(["check-config"], commands, { environment });
    expect(code).to.equal(0);
    expect(stderr).to.equal("ca-provisioning: PROVISIONING_LEASE is no setting: misspelt?\n");
  });
});

describe("migrate", () => {
  for (const target of DATABASES) {
    it(`brings ${target.title} up to date and applies the file, again and again`, async () => {
      const { folder, environment } = folderWith(FILE);
      const { url, driver } = await target.create();
      const keyFile = join(folder, "key");
      writeFileSync(keyFile, Buffer.alloc(32, 5), { mode: 0o600 });
      const input = {
        environment: {
          ...environment,
          PROVISIONING_DATABASE_URL: url,
          PROVISIONING_SQLITE_DRIVER: driver,
          PROVISIONING_SECRET_KEY_FILE: keyFile,
        },
      };
      const shown = url.replace("postgres:postgres@", "");
      const event = { event: "migrated", database: shown, providers: 1, run_definitions: 2 };
      for (let round = 0; round < 2; round += 1) {
        const result = await runCli(["migrate", "--json"], commands, input);
        expect(result).to.deep.equal({
          code: 0,
          stdout: `${JSON.stringify(event)}\n`,
          stderr: "",
        });
      }
      const text = await runCli(["migrate"], commands, input);
      expect(text.stdout).to.equal(`${shown} is up to date; providers: 1, run definitions: 2\n`);

      writeFileSync(keyFile, Buffer.alloc(32, 6));
      const wrongKey = await runCli(["migrate"], commands, input);
      expect({ ...wrongKey, stderr: "" }).to.deep.equal({ code: 2, stdout: "", stderr: "" });
      expect(wrongKey.stderr).to.contain("was encrypted with another secret key");
      expect(wrongKey.stderr).to.contain(`that of the key file ${keyFile} is`);
    });
  }

  it("makes a key file beside a SQLite file", async () => {
    const { folder, environment } = folderWith(FILE);
    const result = await runCli(["migrate"], commands, { environment });
    expect(result.code).to.equal(0);
    expect(existsSync(join(folder, "data", "p.db.key"))).to.equal(true);
  });

  it("ends with 4 when the database is out of reach", async () => {
    const environment = {
      PROVISIONING_DATABASE_URL: "postgres://me:s3cret@127.0.0.1:1/x",
      PROVISIONING_SECRET_KEY_FILE: "/no/such/key",
    };
    expect(await runCli(["migrate"], commands, { environment })).to.deep.equal({
      code: 4,
      stdout: "",
      stderr:
        "ca-provisioning: cannot open the database postgres://127.0.0.1:1/x: connect ECONNREFUSED 127.0.0.1:1\n",
    });
  });

  it("makes no key for a database that cannot be opened", async () => {
    const { folder, environment } = folderWith("");
    const input = {
      environment: { ...environment, PROVISIONING_DATABASE_URL: `sqlite:${folder}` },
    };
    expect((await runCli(["migrate"], commands, input)).code).to.equal(4);
    expect(existsSync(`${folder}.key`)).to.equal(false);
  });

  it("makes no key for PostgreSQL: all instances share one", async () => {
    const url = (await DATABASES.at(-1)?.create())?.url ?? "";
    const { folder, environment } = folderWith("");
    const keyFile = join(folder, "key");
    const input = {
      environment: {
        ...environment,
        PROVISIONING_DATABASE_URL: url,
        PROVISIONING_SECRET_KEY_FILE: keyFile,
      },
    };
    const { code, stderr } = await runCli(["migrate"], commands, input);
    expect(code).to.equal(2);
    expect(stderr).to.contain(`cannot read the secret key file ${keyFile}: ENOENT`);
    expect(existsSync(keyFile)).to.equal(false);
  });

  it("makes no key in the place of the one that is missing, and says which that is", async () => {
    const { folder, environment } = folderWith(FILE);
    const keyFile = join(folder, "keys", "key");
    const settings = { ...environment, PROVISIONING_SECRET_KEY_FILE: keyFile };
    const first = await runCli(["migrate"], commands, { environment: settings });
    expect(first.code).to.equal(0);
    const { keyId } = new Cipher(readFileSync(keyFile));
    rmSync(join(folder, "keys"), { recursive: true });
    const { code, stdout, stderr } = await runCli(["migrate"], commands, { environment: settings });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.equal(
      `ca-provisioning: the key file ${keyFile} is missing; the database needs the key with id ${keyId}: put it back\n`,
    );
    expect(existsSync(join(folder, "keys"))).to.equal(false);
  });
});
