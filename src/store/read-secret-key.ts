import { existsSync } from "node:fs";
import type { Settings } from "../config/settings.js";
import { readKeyFile, readOrCreateKeyFile, type SecretKey } from "../secrets/key-file.js";
import { SecretKeyError } from "../secrets/secret-key-error.js";
import type { Db } from "./knex/database.js";
import { neededKeyId } from "./knex/secret-key.js";

/**
 * Reads the key file of the settings. It is made when missing on SQLite only, since instances of
 * one PostgreSQL share it and each making its own would lock the others out; and only while
 * nothing in the database needs the one that is missing. Throws a `SecretKeyError`.
 */
export async function readSecretKey(
  { database, secretKeyFile: file }: Pick<Settings, "database" | "secretKeyFile">,
  db: Db,
): Promise<SecretKey> {
  // Asked before the file is looked for: another process makes the file first, then the secret.
  const needed = await neededKeyId(db);
  if (needed !== undefined && !existsSync(file)) {
    throw new SecretKeyError(
      `the key file ${file} is missing; the database needs the key with id ${needed}: put it back`,
    );
  }
  return database.kind === "sqlite" ? readOrCreateKeyFile(file) : readKeyFile(file);
}
