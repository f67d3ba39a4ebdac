import { findProtocol } from "./adapters/registry.js";
import { saveUser } from "./auth/save-user.js";
import { checkConfigCommand } from "./cli/check-config.js";
import type { CliContext } from "./cli/cli-context.js";
import { createUserCommand } from "./cli/create-user.js";
import { demoCommand } from "./cli/demo.js";
import { importSubscriptionsCommand } from "./cli/import-subscriptions.js";
import { migrateCommand } from "./cli/migrate.js";
import { openInventory } from "./cli/open-inventory.js";
import { profileCommand } from "./cli/profile.js";
import { runProgram } from "./cli/program.js";
import { rotateSecretKeyCommand } from "./cli/rotate-secret-key.js";
import { serveCommand } from "./cli/serve.js";
import { simulateCaCommand } from "./cli/simulate-ca.js";
import { systemClock } from "./requests/clock.js";
import { checkCron } from "./schedule/check-cron.js";
import { knexAccountStore } from "./store/knex/accounts.js";

const context: CliContext = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  findProtocol,
  checkCron,
};

const createUser = createUserCommand(context, (database) => ({
  save: (name, password, replace) => saveUser(knexAccountStore(database), name, password, replace),
}));

const importSubscriptions = importSubscriptionsCommand({
  ...context,
  openInventory: () => openInventory(context),
  stderr: process.stderr,
  clock: systemClock,
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

const exitCode = await runProgram(
  process.argv.slice(2),
  [
    serveCommand(context),
    migrateCommand(context),
    checkConfigCommand(context),
    createUser,
    importSubscriptions,
    rotateSecretKeyCommand(context),
    profileCommand(context),
    simulateCaCommand(),
    demoCommand(context),
  ],
  context,
);
// A command that ended without an error may have set its own.
if (exitCode !== 0) process.exitCode = exitCode;
