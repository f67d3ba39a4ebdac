import { type Configuration, NO_FILE } from "../config/configuration.js";
import type { Clock } from "../requests/clock.js";
import { Cipher } from "../secrets/cipher.js";
import { loadOrCreateSecret } from "../secrets/stored-secret.js";
import type { Database } from "./knex/database.js";
import { KEY_WITNESS } from "./knex/secret-key.js";
import { openDatabase } from "./open-database.js";
import { createProviderStore, type ProviderStore } from "./provider-store.js";
import { readSecretKey } from "./read-secret-key.js";
import { createRunDefinitionStore, type RunDefinitionStore } from "./run-definition-store.js";

/** A database that is ready for work. */
export interface PreparedDatabase {
  readonly database: Database;
  /** Encrypts what is secret in the database, under the key of the settings. */
  readonly cipher: Cipher;
  /** Key of the hash that tells request bodies apart; 32 bytes, the same for ever. */
  readonly requestBodyKey: Buffer;
  readonly providers: ProviderStore;
  readonly runDefinitions: RunDefinitionStore;
}

export interface PrepareOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  /** Told what operators should know, in sentences. */
  readonly onNotice: (text: string) => void;
}

/**
 * What every command that works on the database does first: opens it, brings its schema up to
 * date, checks the secret key against it, applies the configuration file. Leaves nothing open when
 * it throws.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const { settings, file } = options.configuration;
  const database = await openDatabase({
    settings,
    clock: options.clock,
    onMigrationWait: () =>
      options.onNotice("another process brings the schema up to date; waiting for it"),
  });
  try {
    const { key, origin, warnings } = await readSecretKey(settings, database.reader);
    for (const warning of warnings) options.onNotice(warning);
    const cipher = new Cipher(key, origin);
    const requestBodyKey = await loadOrCreateSecret(database, cipher, KEY_WITNESS);
    const providers = createProviderStore(database, cipher);
    const runDefinitions = createRunDefinitionStore(database);
    if (file === NO_FILE) await runDefinitions.ensureDefault();
    else {
      await providers.applyFile(file.providers);
      await runDefinitions.applyFile(file.runDefinitions);
    }
    return { database, cipher, requestBodyKey, providers, runDefinitions };
  } catch (error) {
    await database.close();
    throw error;
  }
}
