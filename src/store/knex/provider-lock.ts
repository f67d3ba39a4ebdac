import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { type ProviderRow, providerOf } from "./provider-row.js";

/** The provider of this name, which nobody else changes until the transaction ends. */
export async function lockProvider(
  tx: Db,
  cipher: Cipher,
  name: string,
): Promise<Provider | undefined> {
  const [row] = await tx.all<ProviderRow>(
    `SELECT * FROM providers WHERE name = ? ${tx.dialect.forUpdate}`,
    [name],
  );
  return row && providerOf(row, cipher);
}
