import type { Changed, StateChange } from "../../providers/configured-change.js";
import type { Effectiveness } from "../../providers/effectiveness.js";
import type { Db } from "./database.js";

interface StateRow {
  readonly life_cycle_state: Effectiveness;
  readonly version: number;
}

/** Sets the life cycle state of what is configured; a state that it has already changes nothing. */
export async function setLifeCycleState<T>(
  tx: Db,
  table: "providers" | "run_definitions",
  name: string,
  { state, reason, by, version }: StateChange,
  read: () => Promise<T | undefined>,
): Promise<Changed<T>> {
  const [row] = await tx.all<StateRow>(
    `SELECT life_cycle_state, version FROM ${table} WHERE name = ? ${tx.dialect.forUpdate}`,
    [name],
  );
  if (row === undefined) return { kind: "missing" };
  if (version !== undefined && row.version !== version) {
    return { kind: "other_version", version: row.version };
  }
  if (row.life_cycle_state !== state) {
    await tx.all(
      `UPDATE ${table} SET life_cycle_state = ?, life_cycle_reason = ?, updated_by = ?,
         version = version + 1, updated_date = $now
       WHERE name = ?`,
      [state, reason ?? null, by, name],
    );
  }
  const value = await read();
  return value === undefined ? { kind: "missing" } : { kind: "stored", value };
}
