import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "../test-folder.js";
import { PROVIDER, SERVICES } from "./stock.js";

/** What a test changes of a provider. */
export interface ProviderOptions {
  readonly name?: string;
  readonly lifeCycleState?: "EFFECTIVE" | "NOT_EFFECTIVE";
  /** `nds`, to the world's CA system, by default. */
  readonly protocol?: string;
  readonly commands?: readonly string[];
  readonly services?: Readonly<Record<string, string>>;
  readonly connection?: Readonly<Record<string, string | number>>;
  readonly limits?: Readonly<Record<string, number>>;
}

/** What a test changes of the service's configuration. */
export interface ConfigurationOptions {
  /** Variables, without `PROVISIONING_`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** By default one, with every card. */
  readonly providers?: readonly ProviderOptions[];
  /** By default one: `default`, that never ticks and wakes. */
  readonly runDefinitions?: readonly Readonly<Record<string, unknown>>[];
}

/** Once a year: a tick that no test sees. */
export const NEVER = "0 0 0 1 1 *";
export const EVERY_SECOND = "* * * * * *";

/** Protocols that the simulator does not speak. */
const OVER_HTTP = /^(?:nagra|conax|motv)-|counter-desk\.yaml$/;

/** Short waits wherever a wait is a setting; a lease that no test outlasts by chance. */
const SETTINGS = {
  AUTH: "off",
  GRPC_ADDRESS: "127.0.0.1:0",
  HTTP_ADDRESS: "127.0.0.1:0",
  BACKOFF_BASE_MS: 20,
  BACKOFF_MAX_MS: 100,
  HEARTBEAT_MS: 100,
  LEASE_MS: 30_000,
  LOG_LEVEL: "error",
};

const RUN_DEFINITIONS = [{ name: "default", cron: NEVER, providers: [], wake: true }];

/** The environment of a service on this database, with its configuration file written. */
export function environmentOf(
  database: { readonly url: string; readonly driver: string },
  ca: { readonly host: string; readonly port: number },
  options: ConfigurationOptions,
): { readonly folder: string; readonly variables: Readonly<Record<string, string>> } {
  const folder = testFolder("world");
  const configFile = join(folder, "config.yaml");
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  // JSON is YAML.
  const providers = (options.providers ?? [{}]).map((one, i) => provider(one, ca, i));
  const run_definitions = options.runDefinitions ?? RUN_DEFINITIONS;
  writeFileSync(configFile, JSON.stringify({ providers, run_definitions }));
  const settings = {
    ...SETTINGS,
    DATABASE_URL: database.url,
    SQLITE_DRIVER: database.driver,
    CONFIG: configFile,
    SECRET_KEY_FILE: keyFile,
    ...options.settings,
  };
  const variables = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`PROVISIONING_${name}`, String(value)]),
  );
  return { folder, variables };
}

function provider(
  options: ProviderOptions,
  ca: { readonly host: string; readonly port: number },
  i: number,
) {
  const { name = PROVIDER, protocol = "nds", lifeCycleState = "EFFECTIVE" } = options;
  const { commands, services = SERVICES, connection, limits } = options;
  return {
    name,
    protocol,
    life_cycle_state: lifeCycleState,
    ...(commands !== undefined && { commands }),
    services,
    // Other protocols have other keys: theirs are all given.
    connection:
      protocol === "pull" || OVER_HTTP.test(protocol)
        ? { ...connection }
        : { ...ca, source_id: 7 + i, password: "secret", ...connection },
    ...(limits !== undefined && { limits }),
  };
}
