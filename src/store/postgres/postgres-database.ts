import knexFactory, { type Knex } from "knex";
import pg from "pg";
import { codeOf } from "../database-error.js";
import { DatabaseUnreachable, reasonOf } from "../database-unreachable.js";
import type { Database, Db, Tx, Value } from "../knex/database.js";
import { migrate } from "../migrations/migrate.js";
import { KEEP_ALIVE } from "./keep-alive.js";
import { NamedStatements } from "./named-statements.js";
import { postgresDialect } from "./postgres-dialect.js";
import { postgresSchema } from "./postgres-schema.js";
import { type Connection, PostgresTransaction } from "./postgres-transaction.js";
import { uniqueRequestIds } from "./unique-request-ids.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Told when the schema waits for another process that migrates. */
  readonly onMigrationWait?: () => void;
}

/** For short transactions by key, for reading and imports, and for lists. */
const BY_KEY_CONNECTIONS = 10;
const PLANNED_CONNECTIONS = 7;
const LIST_CONNECTIONS = 3;
const RETRIES = 8;
const MIGRATION_WAIT_MS = 300_000;
/** Any number, as long as no other application of the database uses it. */
export const MIGRATION_LOCK = 20_150_907;

/**
 * A frozen instance must not hold a provider's rows: the server ends its transactions. And a server
 * that vanished without a word must not hold an instance: TCP alone would take a quarter of an hour
 * to notice. A statement that the server itself gave up has been answered well before that.
 */
const TIMEOUTS = {
  query_timeout: 20_000,
  idle_in_transaction_session_timeout: 5000,
  statement_timeout: 10_000,
  lock_timeout: 1000,
};

/**
 * Statements of transactions go by keys, whatever the statistics say: the busy tables are empty at
 * one moment and hold a million rows at the next, and a plan made for the one is a disaster for
 * the other (a claim that scans `waiting` for each lane). So only index scans and nested loops are
 * left to choose from, and a plan, being always the same, is made once for a connection: planning
 * took longer than running for everything but the largest batches.
 */
export const BY_KEY = [
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_bitmapscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "enable_material=off",
  "enable_memoize=off",
  "enable_sort=off",
  "jit=off",
];

/** Opens pools of connections and brings the schema up to date. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  await migrateAlone(options);
  const statements = new NamedStatements();
  const byKey = connect(options.url, BY_KEY_CONNECTIONS, BY_KEY, TIMEOUTS);
  const planned = connect(options.url, PLANNED_CONNECTIONS, [], TIMEOUTS);
  const listing = connect(options.url, LIST_CONNECTIONS, [], TIMEOUTS);
  const readerOf = (pool: Knex): Db => ({
    dialect: postgresDialect,
    all: <T extends object>(sql: string, bindings: readonly Value[] = []) =>
      withConnection(pool, async (connection) => {
        const read = await connection.query({ ...statements.unnamed(sql), values: [...bindings] });
        return read.rows as T[];
      }),
  });
  return {
    dialect: postgresDialect,
    requestIds: uniqueRequestIds,
    reader: readerOf(planned),
    lister: readerOf(listing),
    async write(writeClass, work) {
      const [pool, form] =
        writeClass === "import"
          ? [planned, (sql: string) => statements.unnamed(sql)]
          : [byKey, (sql: string) => statements.named(sql)];
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await withConnection(pool, (connection) =>
            transaction(new PostgresTransaction(connection, form), work),
          );
        } catch (error) {
          if (attempt >= RETRIES || !isRetryable(error)) throw error;
        }
      }
    },
    ready: async () => undefined,
    async close() {
      await Promise.all([byKey, planned, listing].map((pool) => pool.destroy()));
    },
  };
}

async function withConnection<T>(
  knex: Knex,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await take(knex);
  try {
    return await work(connection);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/**
 * That there is none to be had is all one, whatever is the reason: the host, its name, a certificate,
 * a password, a server that is being restored. By their codes they would look like faults of data,
 * or have none.
 */
async function take(knex: Knex): Promise<Connection> {
  try {
    return await knex.client.acquireConnection();
  } catch (error) {
    throw new DatabaseUnreachable(`no connection to the database: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function transaction<T>(tx: PostgresTransaction, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    const result = await work(tx);
    await tx.commit();
    return result;
  } catch (error) {
    throw await tx.rollBack(error);
  }
}

/**
 * Failures that left nothing behind and may go away: serialisation, deadlock, and a lock not had in
 * time (a deadlock shows as that, too, since lock_timeout is no longer than deadlock_timeout).
 */
const RETRYABLE = new Set(["40001", "40P01", "55P03"]);

function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(codeOf(error));
}

async function migrateAlone(options: PostgresOptions): Promise<void> {
  const knex = connect(options.url, 2, [], { statement_timeout: MIGRATION_WAIT_MS });
  try {
    await knex.transaction(async (tx) => {
      const free = await tx.raw(`SELECT pg_try_advisory_xact_lock(${MIGRATION_LOCK}) AS ok`);
      if (free.rows[0].ok !== true) {
        options.onMigrationWait?.();
        await tx.raw(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      }
      await migrate(knex, postgresSchema);
    });
  } finally {
    await knex.destroy();
  }
}

/** 64-bit integers as numbers: every one of ours (numbers, milliseconds) is far below 2^53. */
const types = {
  getTypeParser: (oid: number, format: string) =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text"),
};

/** Statements go out before earlier ones were answered; knex hands this on without knowing it. */
const PIPELINE = { pipeline: true };

function connect(
  url: string,
  connections: number,
  settings: readonly string[],
  timeouts: Record<string, number>,
): Knex {
  return knexFactory({
    client: "pg",
    connection: {
      connectionString: url,
      types,
      ...PIPELINE,
      ...KEEP_ALIVE,
      connectionTimeoutMillis: 5000,
      application_name: "ca-provisioning",
      // What is acknowledged is on disk, whatever the server's default.
      options: ["synchronous_commit=on", ...settings].map((one) => `-c ${one}`).join(" "),
      ...timeouts,
    },
    pool: { min: 0, max: connections },
    acquireConnectionTimeout: 10_000,
    // Else its errors quote whole statements, password hashes and sealed PINs among their values.
    compileSqlOnError: false,
    // Knex writes to standard output what the error thrown says as well.
    log: { warn: () => undefined, error: () => undefined },
  });
}
