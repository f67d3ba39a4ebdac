import { existsSync } from "node:fs";
import { Command } from "commander";
import { stringify } from "yaml";
import { unknownVariables } from "../config/configuration.js";
import { effectiveConfiguration } from "../config/effective-configuration.js";
import { readKeyFile } from "../secrets/key-file.js";
import { type CliContext, configurationOf, notice, printResult } from "./cli-context.js";

/** The `check-config` command: tells all that is wrong with the configuration, or what it comes to. */
export function checkConfigCommand(context: CliContext): Command {
  return new Command("check-config")
    .description(
      "check environment and configuration file; print what they come to, secrets hidden",
    )
    .option("--json", "print it as a line of JSON instead of YAML")
    .action((flags: { json?: boolean }) => {
      const configuration = configurationOf(context);
      const { database, secretKeyFile } = configuration.settings;
      if (database.kind === "postgres" || existsSync(secretKeyFile)) {
        for (const warning of readKeyFile(secretKeyFile).warnings) notice(context, warning);
      }
      for (const name of unknownVariables(context.environment, ["PROVISIONING_TOKEN"])) {
        notice(context, `${name} is no setting: misspelt?`);
      }
      const effective = effectiveConfiguration(configuration, context.findProtocol);
      const event = { event: "configuration", ...effective };
      printResult(context, flags, event, stringify(effective).trimEnd());
    });
}
