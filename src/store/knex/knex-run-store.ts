import type { Run, RunStore } from "../run-store.js";
import { claimedLanes } from "./claims.js";
import type { Database, Value } from "./database.js";
import { startRun, startRunForOthers } from "./insert-run.js";
import { workElsewhere } from "./work-elsewhere.js";

/** Clocks of instances and database may differ by so much. */
const CLOCKS_DIFFER_MS = 60_000;

/** The run store over any knex database. */
export function knexRunStore(database: Database): RunStore {
  const { reader, write } = database;
  return {
    start: (run, incarnation) => write("dispatch", (tx) => startRun(tx, run, incarnation)),
    startForOthers: (run, incarnation) =>
      write("dispatch", (tx) => startRunForOthers(tx, run, incarnation)),
    end: (id, state, incarnation) =>
      write("dispatch", async (tx) => {
        await tx.all(
          `UPDATE runs SET state = ?, end_date = $now
           WHERE id = ? AND state = 'ACTIVE' AND NOT EXISTS
             (SELECT 1 FROM lanes l
              WHERE l.held_by IS NOT NULL AND l.owner IS NOT NULL AND l.process_id = runs.id)
           AND NOT EXISTS
             (SELECT 1 FROM ${claimedLanes(tx.dialect, "true")} WHERE l.process_id = runs.id)
           AND (trigger = 'WAKE' OR NOT ${workElsewhere("runs.run_definition", tx.dialect)})`,
          [state, id, incarnation],
        );
      }),
    async toJoin(incarnation) {
      const rows = await reader.all<RunRow>(
        "SELECT * FROM runs WHERE state = 'ACTIVE' AND (trigger <> 'WAKE' OR owner = ?)",
        [incarnation],
      );
      return rows.map(runOf);
    },
    takeTick: (definition, fireDate) =>
      write("dispatch", async (tx) => {
        // By the tick's time too: where the database's clock is behind, all would take every tick.
        const now = tx.dialect.greatest("$now", "?");
        const taken = await tx.all(
          `UPDATE run_definitions SET last_tick = ?
           WHERE name = ? AND (last_tick IS NULL OR last_tick < ?
             OR last_tick > ${now} + ${CLOCKS_DIFFER_MS}) RETURNING name`,
          [fireDate, definition, fireDate, fireDate],
        );
        if (taken.length === 0) return false;
        // A date has one run, and a clock that was ahead may have given it, or a later one, away.
        tx.run("UPDATE runs SET fire_date = NULL WHERE run_definition = ? AND fire_date >= ?", [
          definition,
          fireDate,
        ]);
        return true;
      }),
    async get(id) {
      const [row] = await reader.all<RunRow>("SELECT * FROM runs WHERE id = ?", [id]);
      return row && runOf(row);
    },
    async list({ definition, limit, after }) {
      // Ids are UUIDv7: their order is that of the starts.
      const conditions = ["true"];
      const bindings: Value[] = [];
      if (definition !== undefined) {
        conditions.push("run_definition = ?");
        bindings.push(definition);
      }
      if (after !== undefined) {
        conditions.push("id < ?");
        bindings.push(after);
      }
      const rows = await reader.all<RunRow>(
        `SELECT * FROM runs WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?`,
        [...bindings, limit],
      );
      return rows.map(runOf);
    },
  };
}

interface RunRow {
  readonly id: string;
  readonly run_definition: string;
  readonly run_definition_version: number;
  readonly trigger: Run["trigger"];
  readonly state: Run["state"];
  readonly start_date: number;
  readonly end_date: number | null;
  readonly fire_date: number | null;
  readonly selected: number;
  readonly completed: number;
  readonly rejected: number;
  readonly deferred: number;
}

function runOf(row: RunRow): Run {
  return {
    id: row.id,
    definition: row.run_definition,
    definitionVersion: row.run_definition_version,
    trigger: row.trigger,
    state: row.state,
    startDate: row.start_date,
    endDate: row.end_date ?? undefined,
    fireDate: row.fire_date ?? undefined,
    selected: row.selected,
    completed: row.completed,
    rejected: row.rejected,
    deferred: row.deferred,
  };
}
