import { PULL_PROTOCOL, PULL_SILENCE_MS } from "../../requests/pulled.js";
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
        // An empty list of providers covers all of them.
        covered: covering.some((names) => names.size === 0 || names.has(row.name)),
        ...(row.protocol === PULL_PROTOCOL ? pulledPart(row) : dialledPart(row)),
      },
    ]),
  );
}

interface ProviderRow {
  readonly now: number;
  readonly name: string;
  readonly protocol: string;
  readonly life_cycle_state: string;
  readonly pulled_date: number | null;
  readonly open_slots: number;
  readonly last_error: string | null;
}

type Reachability = Pick<ProviderCondition, "pulled" | "connected" | "lastError">;

function dialledPart({ open_slots: open, last_error: lastError }: ProviderRow): Reachability {
  return {
    pulled: false,
    connected: open > 0,
    lastError: open > 0 ? undefined : (lastError ?? undefined),
  };
}

function pulledPart({ now, pulled_date: date }: ProviderRow): Reachability {
  if (date === null) {
    return { pulled: true, connected: false, lastError: "nobody has claimed its requests yet" };
  }
  const connected = date > now - PULL_SILENCE_MS;
  const since = `nobody has claimed its requests since ${new Date(date).toISOString()}`;
  return { pulled: true, connected, lastError: connected ? undefined : since };
}

function readProviders(db: Db): Promise<ProviderRow[]> {
  return db.all(
    `SELECT $now AS now, p.name, p.protocol, p.life_cycle_state, d.pulled_date,
       (SELECT count(*) FROM session_slots s WHERE s.provider = p.name AND s.state = 'OPEN')
         AS open_slots,
       (SELECT s.last_error FROM session_slots s
         WHERE s.provider = p.name AND s.last_error IS NOT NULL
         ORDER BY s.changed_date DESC LIMIT 1) AS last_error
     FROM providers p LEFT JOIN dispatch d ON d.provider = p.name`,
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
