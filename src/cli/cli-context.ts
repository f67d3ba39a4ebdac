import type { Readable, Writable } from "node:stream";
import { type Configuration, loadConfiguration } from "../config/configuration.js";
import type { CronCheck } from "../config/run-definition-section.js";
import type { Environment } from "../config/settings.js";
import type { ProtocolLookup } from "../providers/configure-adapter.js";

/** What commands work with, so that tests can give them their own. */
export interface CliContext {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results and events only. */
  readonly stdout: Writable;
  /** Everything else. */
  readonly stderr: Writable;
  readonly environment: Environment;
  readonly findProtocol: ProtocolLookup;
  readonly checkCron: CronCheck;
}

/** Reads the configuration of the context's environment. Throws a `ConfigError`. */
export function configurationOf(context: CliContext): Configuration {
  return loadConfiguration(context);
}

/** Tells the one at the terminal something that is not a result. */
export function notice(context: CliContext, text: string): void {
  context.stderr.write(`ca-provisioning: ${text}\n`);
}

/** Prints a result: as one line of JSON, or as text. */
export function printResult(
  context: CliContext,
  flags: { readonly json?: boolean },
  event: { readonly event: string } & Readonly<Record<string, unknown>>,
  text: string,
): void {
  context.stdout.write(`${flags.json === true ? JSON.stringify(event) : text}\n`);
}
