import type { ProviderCondition } from "../../requests/waiting-for.js";
import type { Db } from "./database.js";

/** What bears on waiting, for each provider: a handful of rows. */
export async function readConditions(db: Db): Promise<Map<string, ProviderCondition>> {
  const [providers, definitions] = await Promise.all([readProviders(db), readDefinitions(db)]);
  const covering = definitions.map((row) => new Set(JSON.parse(row.providers) as string[]));
  return new Map(
    providers.map((row) => [
      row.name,
      {
        effective: row.life_cycle_state === "EFFECTIVE",
        connected: row.open_slots > 0,
        // An empty list of providers covers all of them.
        covered: covering.some((names) => names.size === 0 || names.has(row.name)),
        lastError: row.open_slots > 0 ? undefined : (row.last_error ?? undefined),
      },
    ]),
  );
}

interface ProviderRow {
  readonly name: string;
  readonly life_cycle_state: string;
  readonly open_slots: number;
  readonly last_error: string | null;
}

function readProviders(db: Db): Promise<ProviderRow[]> {
  return db.all(
    `SELECT p.name, p.life_cycle_state,
       (SELECT count(*) FROM session_slots s WHERE s.provider = p.name AND s.state = 'OPEN')
         AS open_slots,
       (SELECT s.last_error FROM session_slots s
         WHERE s.provider = p.name AND s.last_error IS NOT NULL
         ORDER BY s.changed_date DESC LIMIT 1) AS last_error
     FROM providers p`,
  );
}

/** Those inside which something can be sent just now. */
function readDefinitions(db: Db): Promise<{ providers: string }[]> {
  return db.all(
    `SELECT d.providers FROM run_definitions d
     WHERE d.life_cycle_state = 'EFFECTIVE' AND (d.wake = true OR EXISTS
       (SELECT 1 FROM runs r WHERE r.run_definition = d.name AND r.state = 'ACTIVE'))`,
  );
}
