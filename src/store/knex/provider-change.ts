import { isDeepStrictEqual } from "node:util";
import type { Changed } from "../../providers/configured-change.js";
import type { AcceptedDefinition, Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { comparable } from "./provider-columns.js";
import { dispatchStart, ensureDispatchRows } from "./provider-dispatch-rows.js";
import { getProvider } from "./provider-get.js";
import { lockProvider } from "./provider-lock.js";
import { updateProvider } from "./provider-update.js";

/** Changes a provider by call, if it still has the version that the caller has seen. */
export async function changeProvider(
  tx: Db,
  cipher: Cipher,
  accepted: AcceptedDefinition,
  version: number,
  by: string,
): Promise<Changed<Provider>> {
  const { definition } = accepted;
  const stored = await lockProvider(tx, cipher, definition.name);
  if (stored === undefined) return { kind: "missing" };
  if (stored.definedInFile) return { kind: "in_file" };
  if (stored.version !== version) return { kind: "other_version", version: stored.version };
  if (!isDeepStrictEqual(comparable(stored), comparable(definition))) {
    await updateProvider(tx, cipher, definition, by);
    await ensureDispatchRows(tx, [dispatchStart(accepted)]);
  }
  const value = await getProvider(tx, cipher, definition.name);
  return value === undefined ? { kind: "missing" } : { kind: "stored", value };
}
