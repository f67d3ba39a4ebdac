import { Command } from "commander";
import { describeTarget } from "../config/database-target.js";
import { systemClock } from "../requests/clock.js";
import { prepareDatabase } from "../store/prepare-database.js";
import { type CliContext, configurationOf, notice, printResult } from "./cli-context.js";

/** The `migrate` command: what `serve` does to the database before it starts, and no more. */
export function migrateCommand(context: CliContext): Command {
  return new Command("migrate")
    .description("bring the database's schema up to date and apply the configuration file")
    .option("--json", "print the result as a line of JSON")
    .action(async (flags: { json?: boolean }) => {
      const configuration = configurationOf(context);
      const { database, providers, runDefinitions } = await prepareDatabase({
        configuration,
        clock: systemClock,
        onNotice: (text) => notice(context, text),
      });
      try {
        const result = {
          event: "migrated",
          database: describeTarget(configuration.settings.database),
          providers: (await providers.list()).length,
          run_definitions: (await runDefinitions.list()).length,
        };
        printResult(
          context,
          flags,
          result,
          `${result.database} is up to date; providers: ${result.providers}, run definitions: ${result.run_definitions}`,
        );
      } finally {
        await database.close();
      }
    });
}
