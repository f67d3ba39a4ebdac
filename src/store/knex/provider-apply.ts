import { isDeepStrictEqual } from "node:util";
import type { AcceptedDefinition, ProviderDefinition } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { releaseLeftOut } from "./left-out-of-file.js";
import { comparable } from "./provider-columns.js";
import { dispatchStart, ensureDispatchRows } from "./provider-dispatch-rows.js";
import { insertProvider } from "./provider-insert.js";
import { lockProvider } from "./provider-lock.js";
import { updateProvider } from "./provider-update.js";

/**
 * Makes the providers what the file says. In the order of names, so that two instances that start
 * together never wait for each other in a circle.
 */
export async function applyProviders(
  tx: Db,
  cipher: Cipher,
  providers: readonly AcceptedDefinition[],
): Promise<void> {
  const ordered = providers.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  for (const { definition } of ordered) {
    const isNew = await insertProvider(tx, cipher, definition, undefined);
    if (!isNew) await update(tx, cipher, definition);
  }
  const names = ordered.map(({ definition }) => definition.name);
  await releaseLeftOut(tx, "providers", names);
  await ensureDispatchRows(tx, ordered.map(dispatchStart));
}

async function update(tx: Db, cipher: Cipher, definition: ProviderDefinition): Promise<void> {
  const stored = await lockProvider(tx, cipher, definition.name);
  if (stored === undefined) {
    throw new Error(`provider ${definition.name} vanished while the file was applied`);
  }
  const same = isDeepStrictEqual(comparable(stored), comparable(definition));
  if (!stored.definedInFile || !same) await updateProvider(tx, cipher, definition, undefined);
}
