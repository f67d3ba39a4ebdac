import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProtocol } from "../../../src/adapters/registry.js";
import { type Configuration, loadConfiguration } from "../../../src/config/configuration.js";
import { checkCron } from "../../../src/schedule/check-cron.js";
import { NO_PORT } from "./ports.js";

/** Where a database is, as the settings name it. */
export interface Target {
  readonly kind: "sqlite" | "postgres";
  readonly url: string;
  readonly driver: "sqlite3" | "better-sqlite3";
}

/** A CA system of the service under test. */
export interface ProviderSetup {
  readonly name: string;
  readonly port: number;
  /** Commands under way at once; the in-flight cap is the same. */
  readonly window: number;
}

export const PROVIDER: ProviderSetup = { name: "ca", port: NO_PORT, window: 1000 };

/** What a process works on. */
export interface Setup {
  readonly target: Target;
  /** For its configuration file; holds `key`, the secret key of the whole run. */
  readonly folder: string;
  readonly providers: readonly ProviderSetup[];
}

export const ADMIN_PASSWORD = "password-of-the-benchmark";

/** The shipped defaults, but for addresses and a schedule that does not tick. */
export function configurationOf({ target, folder, providers }: Setup): Configuration {
  const configFile = join(folder, `config-${process.pid}.yaml`);
  writeFileSync(
    configFile,
    // JSON is YAML.
    JSON.stringify({
      providers: providers.map(({ name, port, window }, i) => ({
        name,
        protocol: "nds",
        connection: { host: "127.0.0.1", port, source_id: 7 + i, password: "secret", window },
      })),
      run_definitions: [{ name: "default", cron: "0 0 0 1 1 *", providers: [], wake: true }],
    }),
  );
  return loadConfiguration({
    environment: {
      PROVISIONING_CONFIG: configFile,
      PROVISIONING_DATABASE_URL: target.url,
      PROVISIONING_SQLITE_DRIVER: target.driver,
      PROVISIONING_SECRET_KEY_FILE: join(folder, "key"),
      PROVISIONING_ADMIN_PASSWORD: ADMIN_PASSWORD,
      PROVISIONING_GRPC_ADDRESS: "127.0.0.1:0",
      PROVISIONING_HTTP_ADDRESS: "127.0.0.1:0",
    },
    findProtocol,
    checkCron,
  });
}
