import type { Effectiveness } from "../../providers/effectiveness.js";
import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { getProvider } from "./provider-get.js";

/** Sets the state, if it is another one; the provider as it then is. */
export async function setProviderLifeCycleState(
  tx: Db,
  cipher: Cipher,
  name: string,
  state: Effectiveness,
): Promise<Provider | undefined> {
  await tx.all(
    `UPDATE providers SET life_cycle_state = ?, version = version + 1, updated_date = $now
     WHERE name = ? AND life_cycle_state <> ?`,
    [state, name, state],
  );
  return getProvider(tx, cipher, name);
}
