import { type Db, json } from "./database.js";

/** Leaves to calls what the configuration file no longer names: it stays as it is. */
export async function releaseLeftOut(
  tx: Db,
  table: "providers" | "run_definitions",
  inFile: readonly string[],
): Promise<void> {
  await tx.all(
    `UPDATE ${table} SET defined_in_file = ?, version = version + 1, updated_date = $now
     WHERE defined_in_file = ?
       AND name NOT IN (SELECT x.name FROM ${tx.dialect.rows("x", { name: "text" })})`,
    [
      false,
      true,
      json(
        { name: "text" },
        inFile.map((name) => ({ name })),
      ),
    ],
  );
}
