import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { type ProviderRow, providerOf } from "./provider-row.js";

/** Every provider, by name. */
export async function listProviders(db: Db, cipher: Cipher): Promise<Provider[]> {
  const rows = await db.all<ProviderRow>("SELECT * FROM providers ORDER BY name");
  return rows.map((row) => providerOf(row, cipher));
}
