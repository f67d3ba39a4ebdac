import type { ProviderDefinition } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { DEFINITION_COLUMNS, definitionValues } from "./provider-columns.js";

/** Makes a provider what the definition says, but for its life cycle state, as a new version. */
export async function updateProvider(
  tx: Db,
  cipher: Cipher,
  definition: ProviderDefinition,
  /** The user who changes it; undefined: the configuration file defines it from now on. */
  by: string | undefined,
): Promise<void> {
  await tx.all(
    `UPDATE providers SET ${DEFINITION_COLUMNS.map((column) => `${column} = ?`).join(", ")},
       defined_in_file = ?, updated_by = ?, version = version + 1, updated_date = $now
     WHERE name = ?`,
    [...definitionValues(cipher, definition), by === undefined, by ?? null, definition.name],
  );
}
