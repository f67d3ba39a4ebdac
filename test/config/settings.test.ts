import { expect } from "chai";
import { SETTINGS } from "../../src/config/setting-table.js";
import { type Environment, readSettings } from "../../src/config/settings.js";

function faultsOf(environment: Environment): string[] {
  return (readSettings(environment).faults ?? []).map((f) => `${f.where}: ${f.description}`);
}

describe("settings", () => {
  it("have the documented defaults", () => {
    expect(readSettings({}).value).to.deep.equal({
      grpcAddress: { host: "127.0.0.1", port: 50051 },
      httpAddress: { host: "127.0.0.1", port: 8080 },
      database: { kind: "sqlite", file: "./data/provisioning.db" },
      sqliteDriver: "sqlite3",
      configFile: undefined,
      auth: "token",
      adminPassword: undefined,
      secretKeyFile: "./data/provisioning.db.key",
      leaseMs: 30_000,
      heartbeatMs: 10_000,
      stopTimeoutMs: 20_000,
      backoffBaseMs: 1000,
      backoffMaxMs: 60_000,
      httpPrefix: "",
      httpTimeZone: "UTC",
      logLevel: "info",
    });
  });

  it("come from the environment", () => {
    const settings = readSettings({
      PROVISIONING_GRPC_ADDRESS: "[::1]:0",
      PROVISIONING_HTTP_ADDRESS: "localhost:80",
      PROVISIONING_DATABASE_URL: "postgresql://u:p@db/x",
      PROVISIONING_SQLITE_DRIVER: "better-sqlite3",
      PROVISIONING_CONFIG: "/etc/provisioning.yaml",
      PROVISIONING_AUTH: "off",
      PROVISIONING_ADMIN_PASSWORD: "a word",
      PROVISIONING_SECRET_KEY_FILE: "/etc/key",
      PROVISIONING_LEASE_MS: "600",
      PROVISIONING_HEARTBEAT_MS: "200",
      PROVISIONING_HTTP_PREFIX: "/api/v4",
      PROVISIONING_HTTP_TIME_ZONE: "Europe/Nicosia",
      PROVISIONING_LOG_LEVEL: "debug",
    });
    expect(settings.value).to.include({
      sqliteDriver: "better-sqlite3",
      configFile: "/etc/provisioning.yaml",
      auth: "off",
      adminPassword: "a word",
      secretKeyFile: "/etc/key",
      leaseMs: 600,
      heartbeatMs: 200,
      httpPrefix: "/api/v4",
      httpTimeZone: "Europe/Nicosia",
      logLevel: "debug",
    });
    expect(settings.value?.grpcAddress).to.deep.equal({ host: "::1", port: 0 });
    expect(settings.value?.database).to.deep.equal({
      kind: "postgres",
      url: "postgresql://u:p@db/x",
    });
  });

  it("are frozen, through and through", () => {
    const { value } = readSettings({});
    expect(Object.isFrozen(value)).to.equal(true);
    expect(Object.isFrozen(value?.grpcAddress)).to.equal(true);
    expect(Object.isFrozen(value?.database)).to.equal(true);
  });

  it("take an empty variable for an unset one", () => {
    expect(readSettings({ PROVISIONING_CONFIG: "", PROVISIONING_LEASE_MS: "" }).value).to.include({
      configFile: undefined,
      leaseMs: 30_000,
    });
  });

  it("have a variable of their own, and a default that is valid", () => {
    const entries = Object.values(SETTINGS);
    expect(new Set(entries.map((entry) => entry.variable)).size).to.equal(entries.length);
    for (const entry of entries) {
      expect(entry.schema.safeParse(entry.default).success, entry.variable).to.equal(true);
    }
  });

  const address = "must be host:port or [ipv6]:port, with a port from 0 to 65535";
  const milliseconds = "must be a whole number of milliseconds from 1 to 86400000";
  const file = "must name a file, such as sqlite:./data/provisioning.db";
  const prefix = "must be empty, or start with / and end without one";
  const wrong: [variable: string, value: string, description: string][] = [
    ["PROVISIONING_GRPC_ADDRESS", "50051", address],
    ["PROVISIONING_GRPC_ADDRESS", "::1:50051", address],
    ["PROVISIONING_GRPC_ADDRESS", "[localhost]:1", address],
    ["PROVISIONING_HTTP_ADDRESS", "127.0.0.1:65536", address],
    ["PROVISIONING_DATABASE_URL", "mysql://x", "must start with sqlite: or postgres://"],
    ["PROVISIONING_DATABASE_URL", "sqlite:", file],
    ["PROVISIONING_DATABASE_URL", "sqlite::memory:", file],
    ["PROVISIONING_SQLITE_DRIVER", "sqlite", "must be sqlite3 or better-sqlite3"],
    ["PROVISIONING_AUTH", "none", "must be token or off"],
    ["PROVISIONING_LEASE_MS", "30s", milliseconds],
    ["PROVISIONING_STOP_TIMEOUT_MS", "0", milliseconds],
    ["PROVISIONING_BACKOFF_BASE_MS", "1.5", milliseconds],
    ["PROVISIONING_BACKOFF_MAX_MS", "86400001", milliseconds],
    ["PROVISIONING_HTTP_PREFIX", "api/", prefix],
    [
      "PROVISIONING_HTTP_TIME_ZONE",
      "Mars/Olympus",
      "must be a time zone of the IANA database, such as Europe/Nicosia",
    ],
    [
      "PROVISIONING_LOG_LEVEL",
      "loud",
      "must be silent or fatal or error or warn or info or debug or trace",
    ],
  ];
  for (const [variable, value, description] of wrong) {
    it(`refuse ${variable}=${value}`, () => {
      expect(faultsOf({ [variable]: value })).to.deep.equal([`${variable}: ${description}`]);
    });
  }

  it("refuse a first password that no user could have, without telling it", () => {
    const faults: [password: string, description: string][] = [
      ["two\nlines", "has control characters or several lines"],
      ["x".repeat(257), "is longer than 256 characters"],
    ];
    for (const [password, description] of faults) {
      expect(faultsOf({ PROVISIONING_ADMIN_PASSWORD: password })).to.deep.equal([
        `PROVISIONING_ADMIN_PASSWORD: ${description}`,
      ]);
    }
  });

  it("refuse a heartbeat that is not less than the lease", () => {
    expect(faultsOf({ PROVISIONING_LEASE_MS: "10000" })).to.deep.equal([
      "PROVISIONING_HEARTBEAT_MS: must be less than PROVISIONING_LEASE_MS, but 10000 is not less than 10000",
    ]);
  });

  it("refuse a longest wait below the first", () => {
    expect(faultsOf({ PROVISIONING_BACKOFF_MAX_MS: "500" })).to.deep.equal([
      "PROVISIONING_BACKOFF_MAX_MS: must be at least PROVISIONING_BACKOFF_BASE_MS, but 500 is less than 1000",
    ]);
  });

  it("refuse to go without authentication where others can reach an address", () => {
    const environment = {
      PROVISIONING_AUTH: "off",
      PROVISIONING_GRPC_ADDRESS: "0.0.0.0:1",
      PROVISIONING_HTTP_ADDRESS: "[::]:2",
    };
    expect(faultsOf(environment)).to.deep.equal([
      "PROVISIONING_AUTH: off is for loopback addresses only, and PROVISIONING_GRPC_ADDRESS is 0.0.0.0:1",
      "PROVISIONING_AUTH: off is for loopback addresses only, and PROVISIONING_HTTP_ADDRESS is [::]:2",
    ]);
  });

  it("demand a key file on PostgreSQL", () => {
    expect(faultsOf({ PROVISIONING_DATABASE_URL: "postgres://db/x" })).to.deep.equal([
      "PROVISIONING_SECRET_KEY_FILE: is mandatory with a PostgreSQL database: all instances share one key",
    ]);
  });

  it("tell all faults at once", () => {
    const environment = {
      PROVISIONING_GRPC_ADDRESS: "x",
      PROVISIONING_LEASE_MS: "x",
      PROVISIONING_DATABASE_URL: "postgres://db/x",
    };
    expect(faultsOf(environment).map((fault) => fault.split(":")[0])).to.deep.equal([
      "PROVISIONING_GRPC_ADDRESS",
      "PROVISIONING_LEASE_MS",
      "PROVISIONING_SECRET_KEY_FILE",
    ]);
  });
});
