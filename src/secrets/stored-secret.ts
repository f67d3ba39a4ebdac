import { randomBytes } from "node:crypto";
import type { Database } from "../store/knex/database.js";
import type { Cipher } from "./cipher.js";
import { secretPurpose } from "./purposes.js";

const SECRET_BYTES = 32;

/**
 * The random secret that the database keeps, encrypted, under this name: 32 bytes, made by whoever
 * asks first and the same for every instance ever after. Throws a `SecretKeyError` when the key
 * is not the one it was encrypted with.
 */
export async function loadOrCreateSecret(
  database: Database,
  cipher: Cipher,
  name: string,
): Promise<Buffer> {
  const purpose = secretPurpose(name);
  const sql = "SELECT value FROM secrets WHERE name = ?";
  const [known] = await database.reader.all<{ value: string }>(sql, [name]);
  if (known !== undefined) return cipher.decrypt(purpose, known.value);

  const draft = cipher.encrypt(purpose, randomBytes(SECRET_BYTES));
  const stored = await database.write("create", async (tx) => {
    // Of two that come at the same time one waits here for the other, and then reads its secret.
    await tx.all("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", [
      name,
      draft,
    ]);
    const [row] = await tx.all<{ value: string }>(sql, [name]);
    if (row === undefined) throw new Error(`the secret ${name} was not stored`);
    return row.value;
  });
  return cipher.decrypt(purpose, stored);
}
