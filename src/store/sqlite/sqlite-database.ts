import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import knexFactory, { type Knex } from "knex";
import type { Clock } from "../../requests/clock.js";
import type { Database, Db } from "../knex/database.js";
import { bindNow } from "../knex/statement.js";
import { migrate } from "../migrations/migrate.js";
import { Checkpointer } from "./checkpointer.js";
import { LeveledRequestIds } from "./leveled-request-ids.js";
import { type PreparedStatements, preparedStatements } from "./prepared-statements.js";
import { sqliteDialect } from "./sqlite-dialect.js";
import { sqliteSchema } from "./sqlite-schema.js";
import { SqliteTransaction } from "./sqlite-transaction.js";
import { WriterQueue } from "./writer-queue.js";

/** The packages that can speak to SQLite; `better-sqlite3` is optional at install. */
export const SQLITE_DRIVERS = ["sqlite3", "better-sqlite3"] as const;
export type SqliteDriver = (typeof SQLITE_DRIVERS)[number];

export interface SqliteOptions {
  /** Path of the database file; its folder is made when missing. */
  readonly file: string;
  readonly driver: SqliteDriver;
  readonly clock: Clock;
  /** Another index of request_ids than the service's; for tests. */
  readonly requestIds?: LeveledRequestIds;
}

const READERS = 4;
const LISTERS = 2;
/** As PostgreSQL's statement_timeout: two searches through all of history hold up all other lists. */
const SEARCH_MS = 10_000;
/** Frames of the write-ahead log after which a commit moves them itself: 64 MB. */
const LONGEST_LOG_FRAMES = 16_000;

/** Pages that a connection keeps in memory, beside those that the system does. */
const cacheOf = (mebibytes: number) => `cache_size = -${mebibytes * 1024}`;

/** Opens the database file and brings its schema up to date. */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const { file, clock } = options;
  mkdirSync(dirname(file), { recursive: true });
  // Made here, so that only its owner can read it; SQLite gives its side files the same mode.
  closeSync(openSync(file, "a", 0o600));
  // FULL: a commit is on disk before it is acknowledged; in WAL mode, one fsync each.
  const writer = new Connections(options, 1, [
    "journal_mode = WAL",
    "synchronous = FULL",
    cacheOf(16),
    `wal_autocheckpoint = ${LONGEST_LOG_FRAMES}`,
  ]);
  try {
    await migrate(writer.knex, sqliteSchema);
  } catch (error) {
    await writer.knex.destroy();
    throw error;
  }
  const readers = new Connections(options, READERS, ["query_only = 1", cacheOf(8)]);
  const listers = new Connections(options, LISTERS, ["query_only = 1", cacheOf(8)]);
  const readerOf = (connections: Connections, longestMs?: number): Db => ({
    dialect: sqliteDialect,
    async all(sql, bindings = []) {
      const bound = bindNow(sql, bindings, clock.now());
      const { statements: own, interrupt, giveBack } = await connections.take();
      const inTime = longestMs === undefined ? undefined : clock.setTimer(longestMs, interrupt);
      try {
        return await own.all(bound.sql, bound.bindings);
      } finally {
        inTime?.();
        giveBack();
      }
    },
  });
  const checkpoints = new Connections(options, 1, ["synchronous = FULL", cacheOf(1)]);
  const { statements } = await writer.take();
  const checkpointer = new Checkpointer((await checkpoints.take()).statements, clock);
  const queue = new WriterQueue();
  const { requestIds = new LeveledRequestIds() } = options;

  const write: Database["write"] = (writeClass, work) =>
    queue.run(writeClass, async (begun) => {
      const tx = new SqliteTransaction(statements, requestIds, clock.now());
      try {
        const working = work(tx);
        // After the work has begun, so that its first statement is sent first.
        void tx.begun.then(begun);
        const result = await working;
        await tx.commit();
        requestIds.committed();
        checkpointer.committed();
        return result;
      } catch (error) {
        requestIds.rolledBack();
        await tx.rollBack();
        throw error;
      }
    });

  return {
    dialect: sqliteDialect,
    requestIds,
    reader: readerOf(readers),
    lister: readerOf(listers, SEARCH_MS),
    write,
    async ready() {
      while (!(await write("import", (tx) => requestIds.catchUpSome(tx))));
    },
    async close() {
      await queue.run("import", async () => undefined);
      await checkpointer.idle();
      for (const connections of [readers, listers, checkpoints, writer]) await connections.close();
    },
  };
}

interface TakenConnection {
  readonly statements: PreparedStatements;
  /** Ends what runs on it, with an error. */
  readonly interrupt: () => void;
  readonly giveBack: () => void;
}

/** Connections to the file that are made and kept by knex, with the statements prepared on each. */
class Connections {
  readonly knex: Knex;
  readonly #statements = new Map<object, PreparedStatements>();

  constructor(options: SqliteOptions, connections: number, pragmas: readonly string[]) {
    this.knex = connect(options, connections, pragmas);
  }

  /** One that nobody else has until it is given back. */
  async take(): Promise<TakenConnection> {
    const connection: SqliteConnection = await this.knex.client.acquireConnection();
    const statements = this.#statements.get(connection) ?? preparedStatements(connection);
    this.#statements.set(connection, statements);
    return {
      statements,
      interrupt: () => connection.interrupt?.(),
      giveBack: () => void this.knex.client.releaseConnection(connection),
    };
  }

  async close(): Promise<void> {
    for (const statements of this.#statements.values()) await statements.finalize();
    for (const connection of this.#statements.keys()) {
      await this.knex.client.releaseConnection(connection);
    }
    await this.knex.destroy();
  }
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
        const statements = [...pragmas, "busy_timeout = 5000"];
        pragma(connection, statements.map((text) => `PRAGMA ${text};`).join(" "), done);
      },
    },
  });
}

/** What the two drivers' connections have in common: `exec`, with a callback or at once. */
interface SqliteConnection {
  exec(sql: string, done?: (error: Error | null) => void): unknown;
  readonly inTransaction?: boolean;
  /** Only where a statement leaves the process time to call it. */
  interrupt?(): void;
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
