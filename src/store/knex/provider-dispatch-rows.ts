import { limitsOf } from "../../providers/limits.js";
import type { AcceptedDefinition } from "../../providers/provider.js";
import { type Db, json } from "./database.js";

/** What the dispatcher's rows of a provider begin with. */
export interface DispatchStart {
  readonly provider: string;
  /** Session slots that the provider has as a whole. */
  readonly connections: number;
  /** Tokens that the bucket starts with: a full one. */
  readonly burst: number;
}

export function dispatchStart({ definition, adapter }: AcceptedDefinition): DispatchStart {
  return {
    provider: definition.name,
    connections: adapter.connections,
    burst: limitsOf(definition.limits, adapter).burst,
  };
}

/** Inserts the dispatcher's rows that are missing; those that exist keep their state. */
export async function ensureDispatchRows(tx: Db, starts: readonly DispatchStart[]): Promise<void> {
  const buckets = starts.map(({ provider, burst }) => ({ provider, burst: String(burst) }));
  await tx.all(
    `INSERT INTO dispatch (provider, sequence_number, tokens, tokens_date, turn)
     SELECT x.provider, 0, CAST(x.burst AS double precision), $now, 0
     FROM ${tx.dialect.rows("x", { provider: "text", burst: "text" })}
     WHERE true ORDER BY x.provider ON CONFLICT DO NOTHING`,
    [json({ provider: "text", burst: "text" }, buckets)],
  );
  const slots = starts.flatMap(({ provider, connections }) =>
    Array.from({ length: connections }, (_, slot) => ({ provider, slot })),
  );
  await tx.all(
    `INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
     SELECT x.provider, x.slot, 0, 'CLOSED', $now
     FROM ${tx.dialect.rows("x", { provider: "text", slot: "integer" })}
     WHERE true ORDER BY x.provider, x.slot ON CONFLICT DO NOTHING`,
    [json({ provider: "text", slot: "integer" }, slots)],
  );
}
