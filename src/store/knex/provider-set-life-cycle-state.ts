import type { Changed, StateChange } from "../../providers/configured-change.js";
import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { setLifeCycleState } from "./life-cycle-set.js";
import { getProvider } from "./provider-get.js";

/** Sets the state, if it is another one, whatever defines the provider. */
export function setProviderLifeCycleState(
  tx: Db,
  cipher: Cipher,
  name: string,
  change: StateChange,
): Promise<Changed<Provider>> {
  return setLifeCycleState(tx, "providers", name, change, () => getProvider(tx, cipher, name));
}
