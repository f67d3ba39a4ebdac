import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import knexFactory, { type Knex } from "knex";
import type { Clock } from "../../requests/clock.js";
import type { Database, Db, Value } from "../knex/database.js";
import { bindNow } from "../knex/statement.js";
import { migrate } from "../migrations/migrate.js";
import { sqliteDialect } from "./sqlite-dialect.js";
import { sqliteSchema } from "./sqlite-schema.js";
import { WriterQueue } from "./writer-queue.js";

/** The packages that can speak to SQLite; `better-sqlite3` is optional at install. */
export const SQLITE_DRIVERS = ["sqlite3", "better-sqlite3"] as const;
export type SqliteDriver = (typeof SQLITE_DRIVERS)[number];

export interface SqliteOptions {
  /** Path of the database file; its folder is made when missing. */
  readonly file: string;
  readonly driver: SqliteDriver;
  readonly clock: Clock;
}

const READERS = 4;

/** Opens the database file and brings its schema up to date. */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  mkdirSync(dirname(options.file), { recursive: true });
  // Made here, so that only its owner can read it; SQLite gives its side files the same mode.
  closeSync(openSync(options.file, "a", 0o600));
  // FULL: a commit is on disk before it is acknowledged; in WAL mode, one fsync each.
  const writerKnex = connect(options, 1, ["journal_mode = WAL", "synchronous = FULL"]);
  try {
    await migrate(writerKnex, sqliteSchema);
  } catch (error) {
    await writerKnex.destroy();
    throw error;
  }
  const readerKnex = connect(options, READERS, ["query_only = 1"]);
  const connection: unknown = await writerKnex.client.acquireConnection();
  const run = async <T extends object>(sql: string, bindings: readonly Value[]): Promise<T[]> =>
    (await writerKnex.raw(sql, [...bindings]).connection(connection)) as T[];
  const queue = new WriterQueue();

  return {
    dialect: sqliteDialect,
    reader: db(
      (sql, bindings) => readerKnex.raw(sql, bindings) as unknown as Promise<never[]>,
      () => options.clock.now(),
    ),
    write: (writeClass, work) =>
      queue.run(writeClass, async () => {
        const now = options.clock.now();
        await run("BEGIN IMMEDIATE", []);
        try {
          const result = await work(db(run, () => now));
          await run("COMMIT", []);
          return result;
        } catch (error) {
          // A COMMIT that failed on a full disk may have ended the transaction already.
          await run("ROLLBACK", []).catch(() => undefined);
          throw error;
        }
      }),
    async close() {
      await queue.run("import", async () => undefined);
      await writerKnex.client.releaseConnection(connection);
      await Promise.all([readerKnex.destroy(), writerKnex.destroy()]);
    },
  };
}

function db(
  run: <T extends object>(sql: string, bindings: Value[]) => Promise<T[]>,
  now: () => number,
): Db {
  return {
    dialect: sqliteDialect,
    all(sql, bindings = []) {
      const bound = bindNow(sql, bindings, now());
      return run(bound.sql, bound.bindings);
    },
  };
}

function connect(options: SqliteOptions, connections: number, pragmas: readonly string[]): Knex {
  return knexFactory({
    client: options.driver,
    connection: { filename: options.file },
    useNullAsDefault: true,
    // Else its errors quote whole statements, password hashes and sealed PINs among their values.
    compileSqlOnError: false,
    // Knex writes to standard output what the error thrown says as well.
    log: { warn: () => undefined, error: () => undefined },
    // Connections are never given up for idleness: each costs its pragmas and page cache again.
    pool: {
      min: connections === 1 ? 1 : 0,
      max: connections,
      idleTimeoutMillis: 2 ** 31 - 1,
      afterCreate(connection: SqliteConnection, done: (error: Error | null) => void) {
        const statements = [...pragmas, "busy_timeout = 5000", "cache_size = -65536"];
        pragma(connection, statements.map((text) => `PRAGMA ${text};`).join(" "), done);
      },
    },
  });
}

/** What the two drivers' connections have in common: `exec`, with a callback or at once. */
interface SqliteConnection {
  exec(sql: string, done?: (error: Error | null) => void): unknown;
  readonly inTransaction?: boolean;
}

function pragma(
  connection: SqliteConnection,
  sql: string,
  done: (error: Error | null) => void,
): void {
  const synchronousDriver = connection.inTransaction !== undefined;
  if (!synchronousDriver) {
    connection.exec(sql, done);
    return;
  }
  connection.exec(sql);
  done(null);
}
