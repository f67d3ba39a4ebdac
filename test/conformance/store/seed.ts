import { type Db, json } from "../../../src/store/knex/database.js";

const TABLES = [
  "waiting",
  "lanes",
  "claims",
  "outcomes",
  "requests",
  "pull_leases",
  "runs",
  "run_definitions",
  "session_slots",
  "incarnations",
  "dispatch",
  "providers",
  "former_items",
  "installed_items",
  "subscriptions",
];

export async function emptyTables(tx: Db): Promise<void> {
  for (const table of TABLES) await tx.all(`DELETE FROM ${table}`);
}

/** `alpha` and `beta` with a session slot each, `gamma` that is not effective, one definition. */
export async function insertProviders(tx: Db): Promise<void> {
  const insert = (name: string, state: string) =>
    tx.all(
      `INSERT INTO providers (name, protocol, life_cycle_state, connection, limits,
         defined_in_file, version, created_date, updated_date)
       VALUES (?, 'nds', ?, '', '{}', true, 1, 1, 1)`,
      [name, state],
    );
  await insert("alpha", "EFFECTIVE");
  await insert("beta", "EFFECTIVE");
  await insert("gamma", "NOT_EFFECTIVE");
  await tx.all(`INSERT INTO dispatch (provider, sequence_number, tokens, tokens_date, turn)
    SELECT name, 0, 0, 0, 0 FROM providers`);
  await tx.all(`INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
    SELECT name, 0, 0, 'CLOSED', 1 FROM providers`);
  await tx.all(`INSERT INTO run_definitions (name, cron, time_zone, providers, wake,
      life_cycle_state, defined_in_file, version, created_date, updated_date)
    VALUES ('default', '* * * * * *', 'UTC', '[]', true, 'EFFECTIVE', true, 1, 1, 1)`);
}

/** `pulled`, whose requests are fetched, with cards of both subscriptions. */
export async function insertPulled(tx: Db, count: number): Promise<void> {
  await tx.all(
    `INSERT INTO providers (name, protocol, life_cycle_state, connection, limits,
       defined_in_file, version, created_date, updated_date)
     VALUES ('pulled', 'pull', 'EFFECTIVE', '', '{}', true, 1, 1, 1)`,
  );
  await tx.all(
    `INSERT INTO dispatch (provider, sequence_number, tokens, tokens_date, turn)
     VALUES ('pulled', 0, 0, 0, 0)`,
  );
  await insertItems(tx, [
    ...cards("pulled", "pulled", count),
    { ...item("other", "pulled"), subscription_id: "sub-2" },
  ]);
}

/** Two subscriptions; of the first: cards of each provider, a box, a card that nobody serves. */
export async function insertInventory(tx: Db): Promise<void> {
  await tx.all(`INSERT INTO subscriptions (id, number, created_date, updated_date)
    VALUES ('sub-1', 'S-1', 1, 1), ('sub-2', 'S-2', 1, 1)`);
  await insertItems(tx, [
    ...cards("card", "alpha", 12),
    ...cards("beta", "beta", 3),
    ...cards("gamma", "gamma", 1),
    { ...item("box", "alpha"), type: "SET_TOP_BOX" },
    { ...item("bare", "alpha"), ca_id: null, provider: null },
    { ...item("foreign", "alpha"), subscription_id: "sub-2" },
  ]);
}

/** Cards of the first subscription: `prefix-0` and on. */
export function cards(prefix: string, provider: string, count: number) {
  return Array.from({ length: count }, (_, i) => item(`${prefix}-${i}`, provider));
}

function item(id: string, provider: string) {
  return {
    id,
    subscription_id: "sub-1",
    type: "SMARTCARD",
    serial_number: `serial-${id}`,
    alternative_code: `code-${id}`,
    ca_id: `ca-${id}`,
    provider,
  };
}

export async function insertItems(
  tx: Db,
  items: readonly Record<keyof ReturnType<typeof item>, string | null>[],
): Promise<void> {
  const columns = {
    id: "text",
    subscription_id: "text",
    type: "text",
    serial_number: "text",
    alternative_code: "text",
    ca_id: "text",
    provider: "text",
  } as const;
  const names = Object.keys(columns).join(", ");
  await tx.all(
    `INSERT INTO installed_items (${names})
     SELECT ${names} FROM ${tx.dialect.rows("x", columns)} WHERE true`,
    [json(columns, items)],
  );
}
