import { Command, InvalidArgumentError } from "commander";
import type { SavedUser } from "../auth/save-user.js";
import { describeTarget } from "../config/database-target.js";
import { identifierFault } from "../inventory/identifier.js";
import { systemClock } from "../requests/clock.js";
import type { Database } from "../store/knex/database.js";
import { prepareDatabase } from "../store/prepare-database.js";
import { type CliContext, configurationOf, notice, printResult } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";
import { readPassword } from "./read-password.js";

/** What the command needs of the users' accounts. */
export interface UserAccounts {
  /** Creates the user, or with `replace` gives one that exists a new password. */
  save(name: string, password: string, replace: boolean): Promise<SavedUser>;
}

interface CreateUserFlags {
  readonly json?: boolean;
  readonly replace?: boolean;
}

/** The `create-user` command. */
export function createUserCommand(
  context: CliContext,
  openAccounts: (database: Database) => UserAccounts,
): Command {
  return new Command("create-user")
    .description("create a user; the password is read from standard input")
    .argument("<name>", "name of the user", userName)
    .option("--replace", "give a user that exists the new password")
    .option("--json", "print the result as a line of JSON")
    .action(async (name: string, flags: CreateUserFlags) => {
      const configuration = configurationOf(context);
      const where = describeTarget(configuration.settings.database);
      const password = await readPassword(context, `Password of ${name}: `);
      const { database } = await prepareDatabase({
        configuration,
        clock: systemClock,
        onNotice: (text) => notice(context, text),
      });
      try {
        const change = await openAccounts(database).save(name, password, flags.replace === true);
        const text = {
          created: `created user ${name} in ${where}`,
          replaced: `new password for user ${name} in ${where}`,
          exists: `the user ${name} exists in ${where}: --replace gives a new password`,
          missing: `no user is named ${name} in ${where}`,
        }[change];
        if (change === "exists" || change === "missing") {
          throw new ExitError(EXIT_CODES.failed, text);
        }
        printResult(context, flags, { event: `user_${change}`, name, database: where }, text);
      } finally {
        await database.close();
      }
    });
}

function userName(text: string): string {
  const fault = identifierFault(text);
  if (fault !== undefined) throw new InvalidArgumentError(`It ${fault}.`);
  return text;
}
