import type { Value } from "../knex/database.js";

/**
 * Runs statements on one connection, each text prepared once: to parse and plan the statements of
 * an immediate request took SQLite longer than to carry them out, and knex's own way to the driver
 * another 78 us each.
 */
export interface PreparedStatements {
  all<T extends object>(sql: string, bindings: readonly Value[]): Promise<T[]>;
  /** Frees them: a connection with prepared statements cannot be closed. */
  finalize(): Promise<void>;
}

/** Texts kept prepared; a list with filters has many, and those beyond are prepared each time. */
const KEPT = 200;

/**
 * A statement as it is prepared.
 *
 * SQLite's planner looks at what is bound as LIMIT (since 3.48), and so plans the statement anew
 * whenever that is bound: 178 us to find that no head is ready instead of 36. It does not look
 * into a sum.
 *
 * So that a statement which fails half-way can be undone by itself, SQLite copies each page before
 * it changes. Here a failure ends the whole transaction (see `SqliteTransaction`), so nothing need be
 * undone: OR FAIL saves the copies, 4 us of 75 for a create in a batch of 250. The connections that
 * run statements outside of one only read.
 */
const prepared = (sql: string) =>
  sql
    .replaceAll("LIMIT ?", "LIMIT ? + 0")
    .replace(/^\s*INSERT INTO/, "INSERT OR FAIL INTO")
    .replace(/^\s*UPDATE/, "UPDATE OR FAIL");

/** The part of a `sqlite3` connection that is used: everything with a callback. */
interface AsyncConnection {
  prepare(sql: string, done: (error: Error | null) => void): AsyncStatement;
}
interface AsyncStatement {
  all(bindings: readonly Value[], done: (error: Error | null, rows: object[]) => void): void;
  finalize(done: (error: Error | null) => void): void;
}

/** The part of a `better-sqlite3` connection that is used: everything at once. */
interface SyncConnection {
  readonly inTransaction: boolean;
  prepare(sql: string): SyncStatement;
}
interface SyncStatement {
  readonly reader: boolean;
  all(...bindings: readonly Value[]): object[];
  run(...bindings: readonly Value[]): unknown;
}

/** For a connection of either driver, as knex made it. */
export function preparedStatements(connection: object): PreparedStatements {
  return "inTransaction" in connection
    ? atOnce(connection as SyncConnection)
    : inThreads(connection as AsyncConnection);
}

function inThreads(connection: AsyncConnection): PreparedStatements {
  const kept = new Map<string, AsyncStatement>();
  const prepare = (sql: string) =>
    new Promise<AsyncStatement>((resolve, reject) => {
      const statement = connection.prepare(prepared(sql), (error) => {
        if (error === null) resolve(statement);
        else reject(error);
      });
    });
  const run = (statement: AsyncStatement, bindings: readonly Value[]) =>
    new Promise<object[]>((resolve, reject) => {
      statement.all(bindings, (error, rows) => {
        if (error === null) resolve(rows);
        else reject(error);
      });
    });
  const finalize = (statement: AsyncStatement) =>
    new Promise<void>((resolve, reject) => {
      statement.finalize((error) => (error ? reject(error) : resolve()));
    });
  return {
    async all<T extends object>(sql: string, bindings: readonly Value[]) {
      const statement = kept.get(sql) ?? (await prepare(sql));
      let keep = kept.size < KEPT || kept.has(sql);
      try {
        return (await run(statement, bindings)) as T[];
      } catch (error) {
        // One that failed half-way would hold its snapshot until it is run again.
        keep = false;
        throw error;
      } finally {
        if (keep) kept.set(sql, statement);
        else {
          kept.delete(sql);
          await finalize(statement);
        }
      }
    },
    async finalize() {
      for (const statement of kept.values()) await finalize(statement);
      kept.clear();
    },
  };
}

function atOnce(connection: SyncConnection): PreparedStatements {
  const kept = new Map<string, SyncStatement>();
  const plain = (value: Value) => (typeof value === "boolean" ? Number(value) : value);
  return {
    async all<T extends object>(sql: string, bindings: readonly Value[]) {
      const statement = kept.get(sql) ?? connection.prepare(prepared(sql));
      if (kept.size < KEPT) kept.set(sql, statement);
      const values = bindings.map(plain);
      if (statement.reader) return statement.all(...values) as T[];
      statement.run(...values);
      return [];
    },
    // This driver finalizes what is no longer referred to by itself.
    async finalize() {
      kept.clear();
    },
  };
}
