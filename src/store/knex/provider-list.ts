import type { Effectiveness } from "../../providers/effectiveness.js";
import type { Provider } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db, Value } from "./database.js";
import { type ProviderRow, providerOf } from "./provider-row.js";

/** Every provider, by name. */
export async function listProviders(db: Db, cipher: Cipher): Promise<Provider[]> {
  const rows = await db.all<ProviderRow>("SELECT * FROM providers ORDER BY name");
  return rows.map((row) => providerOf(row, cipher));
}

export interface ProviderPage {
  /** Only those in this state. */
  readonly state: Effectiveness | undefined;
  readonly limit: number;
  /** Continue after the provider of this name. */
  readonly after: string | undefined;
}

/** Some providers, by name. */
export async function pageOfProviders(
  db: Db,
  cipher: Cipher,
  { state, limit, after }: ProviderPage,
): Promise<Provider[]> {
  const conditions = ["true"];
  const bindings: Value[] = [];
  if (state !== undefined) {
    conditions.push("life_cycle_state = ?");
    bindings.push(state);
  }
  if (after !== undefined) {
    conditions.push("name > ?");
    bindings.push(after);
  }
  const rows = await db.all<ProviderRow>(
    `SELECT * FROM providers WHERE ${conditions.join(" AND ")} ORDER BY name LIMIT ?`,
    [...bindings, limit],
  );
  return rows.map((row) => providerOf(row, cipher));
}

/** The version of every provider, by name. */
export async function readProviderVersions(db: Db): Promise<Map<string, number>> {
  const rows = await db.all<{ name: string; version: number }>(
    "SELECT name, version FROM providers",
  );
  return new Map(rows.map(({ name, version }) => [name, version]));
}
