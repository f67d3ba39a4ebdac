import type { ProviderDefinition } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { DEFINITION_COLUMNS, definitionValues } from "./provider-columns.js";

/** Inserts the provider unless there is one of its name; true when it did. */
export async function insertProvider(
  tx: Db,
  cipher: Cipher,
  definition: ProviderDefinition,
  /** The user who creates it; undefined: the configuration file defines it. */
  by: string | undefined,
): Promise<boolean> {
  const rows = await tx.all(
    `INSERT INTO providers (${DEFINITION_COLUMNS.join(", ")}, name, life_cycle_state,
       defined_in_file, created_by, updated_by, version, created_date, updated_date)
     VALUES (${DEFINITION_COLUMNS.map(() => "?").join(", ")}, ?, ?, ?, ?, ?, 1, $now, $now)
     ON CONFLICT (name) DO NOTHING RETURNING name`,
    [
      ...definitionValues(cipher, definition),
      definition.name,
      definition.lifeCycleState,
      by === undefined,
      by ?? null,
      by ?? null,
    ],
  );
  return rows.length > 0;
}
