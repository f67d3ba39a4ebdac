import { keyIdOf } from "../../secrets/cipher.js";
import { SecretKeyError } from "../../secrets/secret-key-error.js";
import type { Db } from "./database.js";

/**
 * The secret that every database has from its first preparation on. The key that it is encrypted
 * with is the one of everything else: a rotation changes it first, and all of it in one transaction.
 */
export const KEY_WITNESS = "request-body-hmac";

/** The id of the key that the database's secrets are under; undefined while it has none. */
export async function neededKeyId(db: Db, lock = ""): Promise<string | undefined> {
  const [witness] = await db.all<{ value: string }>(
    `SELECT value FROM secrets WHERE name = ? ${lock}`,
    [KEY_WITNESS],
  );
  return witness && keyIdOf(witness.value);
}

/**
 * Makes sure that the database's secrets are under this key, and stay so until the transaction
 * ends. Whoever writes what it has encrypted asks first: else a process that did not hear of a
 * rotation would leave behind what nobody can read. Throws a `SecretKeyError`.
 */
export async function holdSecretKey(tx: Db, keyId: string): Promise<void> {
  const current = await neededKeyId(tx, tx.dialect.forShare);
  if (current === undefined || current === keyId) return;
  throw new SecretKeyError(
    `the database's secrets are under another secret key: its key id is ${current}, that of this process is ${keyId}; restart with the new key file`,
  );
}
