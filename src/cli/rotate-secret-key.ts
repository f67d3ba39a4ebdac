import { Command } from "commander";
import { ConfigError } from "../config/config-fault.js";
import { SETTINGS } from "../config/setting-table.js";
import { readSettings, type Settings } from "../config/settings.js";
import { systemClock } from "../requests/clock.js";
import { Cipher } from "../secrets/cipher.js";
import { readKeyFile, readOrCreateKeyFile, type SecretKey } from "../secrets/key-file.js";
import type { Database } from "../store/knex/database.js";
import { type Rotation, rotateSecrets } from "../store/knex/rotate-secrets.js";
import { openDatabase } from "../store/open-database.js";
import { acquireServeLock } from "../store/sqlite/serve-lock.js";
import { type CliContext, notice, printResult } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";

/**
 * The `rotate-secret-key` command. The new key is on disk before anything is encrypted with it; the
 * database changes over in one transaction; the settings are for the operator to change. Killed at
 * any point, it can be given again: it then does what is left, or says that nothing is.
 */
export function rotateSecretKeyCommand(context: CliContext): Command {
  return new Command("rotate-secret-key")
    .description(
      "encrypt everything anew that is under the secret key; the service must be stopped",
    )
    .argument("<file>", "file of the new key; made when missing")
    .option("--json", "print the result as a line of JSON")
    .action(async (file: string, flags: { json?: boolean }) => {
      const settings = settingsOf(context);
      const release = await keepServiceOut(settings);
      let database: Database | undefined;
      try {
        const from = cipherOf(context, readKeyFile(settings.secretKeyFile));
        const to = cipherOf(context, readOrCreateKeyFile(file));
        database = await openDatabase({ settings, clock: systemClock });
        const rotation = await rotateSecrets(database, from, to);
        tell(context, flags, rotation, { file, old: settings.secretKeyFile, keyId: to.keyId });
      } finally {
        await database?.close();
        await release();
      }
    });
}

/** What providers there are does not matter here, so the configuration file is not read. */
function settingsOf({ environment }: CliContext): Settings {
  const { value, faults } = readSettings(environment);
  if (value === undefined) throw new ConfigError(faults);
  return value;
}

/** On PostgreSQL the database tells whether instances live. */
async function keepServiceOut({ database, sqliteDriver }: Settings): Promise<() => Promise<void>> {
  if (database.kind !== "sqlite") return async () => undefined;
  const lock = await acquireServeLock(database.file, sqliteDriver);
  if (lock !== "held") return lock;
  throw new ExitError(
    EXIT_CODES.failed,
    `a service holds ${database.file}: stop it first; nothing was changed`,
  );
}

function cipherOf(context: CliContext, { key, origin, warnings }: SecretKey): Cipher {
  for (const warning of warnings) notice(context, warning);
  return new Cipher(key, origin);
}

function tell(
  context: CliContext,
  flags: { readonly json?: boolean },
  rotation: Rotation,
  { file, old, keyId }: { readonly file: string; readonly old: string; readonly keyId: string },
): void {
  const { variable } = SETTINGS.secretKeyFile;
  const event = { event: "secret_key_rotated", key_file: file, key_id: keyId };
  switch (rotation.kind) {
    case "rotated": {
      const { secrets, connections, pins } = rotation;
      printResult(
        context,
        flags,
        { ...event, changed: true, secrets, connections, pins },
        `everything is under the key in ${file} now: connections: ${connections}, PINs: ${pins}, secrets of the service: ${secrets}. Before the next start set ${variable}=${file}, or put it in the place of ${old}. Backups made before need the old key.`,
      );
      return;
    }
    case "done_before":
      printResult(
        context,
        flags,
        { ...event, changed: false },
        `everything was under the key in ${file} already; nothing was changed`,
      );
      return;
    case "instances_live":
      throw new ExitError(
        EXIT_CODES.failed,
        `instances of the service live (${rotation.descriptions.join(", ")}): stop them all first, or wait until the lease of one that died has run out; nothing was changed`,
      );
  }
}
