import type { AcceptedDefinition, Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { dispatchStart, ensureDispatchRows } from "./provider-dispatch-rows.js";
import { getProvider } from "./provider-get.js";
import { insertProvider } from "./provider-insert.js";

/** Creates a provider by call; undefined when there is one of its name. */
export async function createProvider(
  tx: Db,
  cipher: Cipher,
  accepted: AcceptedDefinition,
  by: string,
): Promise<Provider | undefined> {
  if (!(await insertProvider(tx, cipher, accepted.definition, by))) return undefined;
  await ensureDispatchRows(tx, [dispatchStart(accepted)]);
  return getProvider(tx, cipher, accepted.definition.name);
}
