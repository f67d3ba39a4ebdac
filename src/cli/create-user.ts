import { Command, InvalidArgumentError } from "commander";
import { identifierFault } from "../inventory/identifier.js";
import { systemClock } from "../requests/clock.js";
import type { Database } from "../store/knex/database.js";
import { prepareDatabase } from "../store/prepare-database.js";
import { type CliContext, configurationOf, notice, printResult } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";
import { readPassword } from "./read-password.js";

/** What the command needs of the users' accounts. */
export interface UserAccounts {
  /** Creates the user; gives one that exists a new password only when `replace` says so. */
  save(
    name: string,
    password: string,
    replace: boolean,
  ): Promise<"created" | "replaced" | "exists">;
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
      const password = await readPassword(context, `Password of ${name}: `);
      const { database } = await prepareDatabase({
        configuration,
        clock: systemClock,
        onNotice: (text) => notice(context, text),
      });
      try {
        const change = await openAccounts(database).save(name, password, flags.replace === true);
        if (change === "exists") {
          throw new ExitError(
            EXIT_CODES.failed,
            `the user ${name} exists: --replace gives a new password`,
          );
        }
        const text =
          change === "created" ? `created user ${name}` : `new password for user ${name}`;
        printResult(context, flags, { event: `user_${change}`, name }, text);
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
