import { readFileSync } from "node:fs";
import { type Checked, ConfigError } from "./config-fault.js";
import { type ConfigFile, type ConfigFileOptions, readConfigFile } from "./config-file.js";
import { SETTINGS } from "./setting-table.js";
import { readSettings, type Settings } from "./settings.js";

/** There is no configuration file: what the database has stays as it is. */
export const NO_FILE: ConfigFile = Object.freeze({ providers: [], runDefinitions: [] });

/** All that a process is told before it starts. */
export interface Configuration {
  readonly settings: Settings;
  /** `NO_FILE` without one. */
  readonly file: ConfigFile;
}

/**
 * Reads the environment and the configuration file. Throws one `ConfigError` with every fault of
 * both.
 */
export function loadConfiguration(options: ConfigFileOptions): Configuration {
  const settings = readSettings(options.environment);
  const file = loadFile(options);
  if (settings.value === undefined || file.value === undefined) {
    throw new ConfigError([...(settings.faults ?? []), ...(file.faults ?? [])]);
  }
  return Object.freeze({ settings: settings.value, file: file.value });
}

function loadFile(options: ConfigFileOptions): Checked<ConfigFile> {
  const { variable } = SETTINGS.configFile;
  const path = options.environment[variable];
  if (path === undefined || path === "") return { value: NO_FILE };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { faults: [{ where: variable, description: `cannot read ${path}: ${reason}` }] };
  }
  return readConfigFile(path, text, options);
}

/** Variables that look like settings and are none: perhaps misspelt. `others` are known elsewhere. */
export function unknownVariables(
  environment: ConfigFileOptions["environment"],
  others: readonly string[] = [],
): string[] {
  const known = new Set<string>([...Object.values(SETTINGS).map((s) => s.variable), ...others]);
  return Object.keys(environment).filter((name) => /^PROVISIONING_/.test(name) && !known.has(name));
}
