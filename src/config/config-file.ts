import { z } from "zod";
import type { ProtocolLookup } from "../providers/configure-adapter.js";
import type { AcceptedDefinition } from "../providers/provider.js";
import type { RunDefinition } from "../providers/run-definition.js";
import type { Checked, ConfigFault } from "./config-fault.js";
import { providerReader } from "./provider-section.js";
import { type CronCheck, runDefinitionReader } from "./run-definition-section.js";
import { parse, readSection } from "./section.js";
import type { Environment } from "./settings.js";
import { parseYaml } from "./yaml-source.js";

/** What the configuration file defines, in the file's order. */
export interface ConfigFile {
  readonly providers: readonly AcceptedDefinition[];
  readonly runDefinitions: readonly RunDefinition[];
}

/** What reading the file needs to know of protocols and schedules. */
export interface ConfigFileOptions {
  readonly environment: Environment;
  readonly findProtocol: ProtocolLookup;
  readonly checkCron: CronCheck;
}

// An empty section, all of whose entries are commented out, is null in YAML.
const entries = z.array(z.unknown()).nullish();
const root = z.strictObject({ providers: entries, run_definitions: entries });

/** Reads the text of the configuration file, or tells all that is wrong with it, by line. */
export function readConfigFile(
  file: string,
  text: string,
  options: ConfigFileOptions,
): Checked<ConfigFile> {
  const source = parseYaml(file, text, options.environment);
  const faults: ConfigFault[] = [...source.faults];
  const fault = (path: readonly PropertyKey[], description: string) =>
    faults.push(source.faultAt(path, description));
  parse(root, source.value ?? {}, fault);
  // Read on past an unknown key: the sections' faults are told as well.
  const sections = root.loose().safeParse(source.value ?? {}).data;

  const value = Object.freeze({
    providers: readSection(
      "providers",
      sections?.providers ?? [],
      source,
      faults,
      providerReader(options.findProtocol),
    ),
    runDefinitions: readSection(
      "run_definitions",
      sections?.run_definitions ?? [],
      source,
      faults,
      runDefinitionReader(options.checkCron),
    ),
  });
  return faults.length > 0 ? { faults: inFileOrder(faults) } : { value };
}

function inFileOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const line = ({ where }: ConfigFault) => Number(where.slice(where.lastIndexOf(":") + 1));
  return faults.toSorted((a, b) => line(a) - line(b));
}
