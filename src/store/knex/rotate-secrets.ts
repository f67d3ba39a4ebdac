import { type Cipher, keyIdOf } from "../../secrets/cipher.js";
import { connectionPurpose, PIN_PURPOSE, secretPurpose } from "../../secrets/purposes.js";
import { SecretKeyError } from "../../secrets/secret-key-error.js";
import { type Database, type Db, json } from "./database.js";
import { fence } from "./fence.js";
import { KEY_WITNESS } from "./secret-key.js";

/** Open requests that are looked at in one statement. */
const AT_ONCE = 2000;

/** What became of a wish for another key. */
export type Rotation =
  /** How many texts of each kind were encrypted anew. */
  | {
      readonly kind: "rotated";
      readonly secrets: number;
      readonly connections: number;
      readonly pins: number;
    }
  /** The secrets are under the new key: it was done before. */
  | { readonly kind: "done_before" }
  /** Instances live, as they call themselves. */
  | { readonly kind: "instances_live"; readonly descriptions: readonly string[] };

/**
 * Encrypts everything anew that is encrypted under the key of `from`, in one transaction: whoever
 * looks, whenever this process dies, finds all of it under one key or all under the other. What
 * the texts hold stays the same.
 *
 * It cannot be done beside a process that has the old key: that would write texts under it, and
 * not understand the new ones. Who registers, and who writes what is encrypted, holds the witness
 * (see `holdSecretKey`), which is locked here first, so none begins meanwhile; those whose lease
 * has run out are fenced, so that none goes on that only slept. Where there can be one process
 * only, its lock on the file keeps it out.
 */
export function rotateSecrets(database: Database, from: Cipher, to: Cipher): Promise<Rotation> {
  return database.write("import", async (tx): Promise<Rotation> => {
    const [witness] = await tx.all<{ value: string }>(
      `SELECT value FROM secrets WHERE name = ? ${tx.dialect.forUpdate}`,
      [KEY_WITNESS],
    );
    const current = witness === undefined ? from.keyId : keyIdOf(witness.value);
    if (current === to.keyId) return { kind: "done_before" };
    if (current !== from.keyId) {
      throw new SecretKeyError(
        `the database's secrets are under a key with the id ${current}; the settings name one with the id ${from.keyId}, and the new one has ${to.keyId}`,
      );
    }
    const descriptions = await fenceAndFindLive(tx);
    if (descriptions.length > 0) return { kind: "instances_live", descriptions };
    const again = (purpose: string, text: string) =>
      to.encrypt(purpose, from.decrypt(purpose, text));
    return {
      kind: "rotated",
      secrets: await rotateNamed(tx, "secrets", "value", (name, text) =>
        again(secretPurpose(name), text),
      ),
      connections: await rotateNamed(tx, "providers", "connection", (name, text) =>
        again(connectionPurpose(name), text),
      ),
      pins: await rotatePins(tx, (text) => again(PIN_PURPOSE, text)),
    };
  });
}

/** Fences processes whose lease has run out; what those call themselves whose lease stands. */
async function fenceAndFindLive(tx: Db): Promise<string[]> {
  if (!tx.dialect.capabilities.manyInstances) return [];
  await fence(tx, "fenced = false AND lease_date < $now");
  // In a statement of its own: one that prolonged its lease just before is seen.
  const live = await tx.all<{ description: string }>(
    "SELECT description FROM incarnations WHERE fenced = false ORDER BY started_date",
  );
  return live.map(({ description }) => description);
}

/** A handful of rows, each with a name. */
async function rotateNamed(
  tx: Db,
  table: "secrets" | "providers",
  column: "value" | "connection",
  again: (name: string, text: string) => string,
): Promise<number> {
  const rows = await tx.all<{ name: string; text: string }>(
    `SELECT name, ${column} AS text FROM ${table} ORDER BY name ${tx.dialect.forUpdate}`,
  );
  for (const { name, text } of rows) {
    await tx.all(`UPDATE ${table} SET ${column} = ? WHERE name = ?`, [again(name, text), name]);
  }
  return rows.length;
}

const PINS = { number: "bigint", pin: "text" } as const;

/** The PINs of open requests: perhaps none, perhaps of a million. */
async function rotatePins(tx: Db, again: (text: string) => string): Promise<number> {
  let pins = 0;
  let after = 0;
  for (;;) {
    const rows = await tx.all<{ number: number; pin: string | null }>(
      `SELECT number, pin FROM waiting WHERE number > ? ORDER BY number LIMIT ${AT_ONCE}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return pins;
    after = last.number;
    const sealed = rows.flatMap(({ number, pin }) =>
      pin === null ? [] : [{ number, pin: again(pin) }],
    );
    if (sealed.length === 0) continue;
    await tx.all(
      `UPDATE waiting SET pin = x.pin FROM ${tx.dialect.rows("x", PINS)}
       WHERE waiting.number = x.number`,
      [json(PINS, sealed)],
    );
    pins += sealed.length;
  }
}
