import { isDeepStrictEqual } from "node:util";
import { limitsOf } from "../../providers/limits.js";
import type { AcceptedDefinition, ProviderDefinition } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import type { Db } from "./database.js";
import { releaseLeftOut } from "./left-out-of-file.js";
import { ensureDispatchRows } from "./provider-dispatch-rows.js";
import { connectionPurpose, type ProviderRow, providerOf } from "./provider-row.js";

/**
 * Makes the providers what the file says. In the order of names, so that two instances that start
 * together never wait for each other in a circle.
 */
export async function applyProviders(
  tx: Db,
  cipher: Cipher,
  providers: readonly AcceptedDefinition[],
): Promise<void> {
  const ordered = providers.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  for (const { definition } of ordered) {
    if (!(await insert(tx, cipher, definition))) await update(tx, cipher, definition);
  }
  const names = ordered.map(({ definition }) => definition.name);
  await releaseLeftOut(tx, "providers", names);
  await ensureDispatchRows(
    tx,
    ordered.map(({ definition, adapter }) => ({
      provider: definition.name,
      connections: adapter.connections,
      burst: limitsOf(definition.limits, adapter).burst,
    })),
  );
}

/** Inserts the provider unless there is one of its name; true when it did. */
async function insert(tx: Db, cipher: Cipher, definition: ProviderDefinition): Promise<boolean> {
  const rows = await tx.all(
    `INSERT INTO providers (name, protocol, life_cycle_state, commands, services, connection, limits,
       defined_in_file, version, created_date, updated_date)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, $now, $now)
     ON CONFLICT (name) DO NOTHING RETURNING name`,
    [
      definition.name,
      definition.protocol,
      definition.lifeCycleState,
      commandsText(definition),
      JSON.stringify(definition.services),
      connectionText(cipher, definition),
      JSON.stringify(definition.limits),
      true,
    ],
  );
  return rows.length > 0;
}

async function update(tx: Db, cipher: Cipher, definition: ProviderDefinition): Promise<void> {
  const { name } = definition;
  const [row] = await tx.all<ProviderRow>(
    `SELECT * FROM providers WHERE name = ? ${tx.dialect.forUpdate}`,
    [name],
  );
  if (row === undefined) throw new Error(`provider ${name} vanished while the file was applied`);
  const { protocol, commands, services, connection, limits, definedInFile } = providerOf(
    row,
    cipher,
  );
  const stored = { protocol, commands, services, connection, limits };
  if (definedInFile && isDeepStrictEqual(stored, plain(definition))) return;
  await tx.all(
    `UPDATE providers SET protocol = ?, commands = ?, services = ?, connection = ?, limits = ?,
       defined_in_file = ?, version = version + 1, updated_date = $now
     WHERE name = ?`,
    [
      definition.protocol,
      commandsText(definition),
      JSON.stringify(definition.services),
      connectionText(cipher, definition),
      JSON.stringify(definition.limits),
      true,
      name,
    ],
  );
}

/** The definition without its key and state, as it would come back from the database. */
function plain({ protocol, commands, services, connection, limits }: ProviderDefinition): object {
  return { protocol, commands, services, ...JSON.parse(JSON.stringify({ connection, limits })) };
}

function commandsText({ commands }: ProviderDefinition): string | null {
  return commands === undefined ? null : JSON.stringify(commands);
}

/** Encrypted as a whole: which of a protocol's settings are secret is nobody else's business. */
function connectionText(cipher: Cipher, { name, connection }: ProviderDefinition): string {
  return cipher.encrypt(connectionPurpose(name), JSON.stringify(connection));
}
