import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { type ProviderRow, providerOf } from "./provider-row.js";

/** The provider of this name; undefined when there is none. */
export async function getProvider(
  db: Db,
  cipher: Cipher,
  name: string,
): Promise<Provider | undefined> {
  const [row] = await db.all<ProviderRow>("SELECT * FROM providers WHERE name = ?", [name]);
  return row && providerOf(row, cipher);
}
