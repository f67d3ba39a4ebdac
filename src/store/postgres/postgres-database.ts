import knexFactory, { type Knex } from "knex";
import pg from "pg";
import { codeOf } from "../database-error.js";
import type { Database, Db, Value } from "../knex/database.js";
import { migrate } from "../migrations/migrate.js";
import { postgresDialect } from "./postgres-dialect.js";
import { postgresSchema } from "./postgres-schema.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Told when the schema waits for another process that migrates. */
  readonly onMigrationWait?: () => void;
}

const CONNECTIONS = 10;
const RETRIES = 8;
const MIGRATION_WAIT_MS = 300_000;
/** Any number, as long as no other application of the database uses it. */
const MIGRATION_LOCK = 20_150_907;

/** Opens a pool of connections and brings the schema up to date. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  await migrateAlone(options);
  const knex = connect(options.url, CONNECTIONS, {
    // A frozen instance must not hold a provider's rows: the server ends its transactions.
    idle_in_transaction_session_timeout: 5000,
    statement_timeout: 10_000,
    lock_timeout: 1000,
  });
  return {
    dialect: postgresDialect,
    reader: db(knex),
    async write(_writeClass, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await knex.transaction((tx) => work(db(tx)));
        } catch (error) {
          if (attempt >= RETRIES || !isRetryable(error)) throw error;
        }
      }
    },
    close: () => knex.destroy(),
  };
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
  const knex = connect(options.url, 2, { statement_timeout: MIGRATION_WAIT_MS });
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

function db(connection: Knex): Db {
  return {
    dialect: postgresDialect,
    async all<T extends object>(sql: string, bindings: readonly Value[] = []): Promise<T[]> {
      const text = sql.replaceAll("$now", "provisioning_now()");
      const result: { rows: T[] } = await connection.raw(text, [...bindings]);
      return result.rows;
    },
  };
}

/** 64-bit integers as numbers: every one of ours (numbers, milliseconds) is far below 2^53. */
const types = {
  getTypeParser: (oid: number, format: string) =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text"),
};

function connect(url: string, connections: number, settings: Record<string, number>): Knex {
  return knexFactory({
    client: "pg",
    connection: {
      connectionString: url,
      types,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: "ca-provisioning",
      // What is acknowledged is on disk, whatever the server's default.
      options: "-c synchronous_commit=on",
      ...settings,
    },
    pool: { min: 0, max: connections },
    acquireConnectionTimeout: 10_000,
    // Else its errors quote whole statements, password hashes and sealed PINs among their values.
    compileSqlOnError: false,
    // Knex writes to standard output what the error thrown says as well.
    log: { warn: () => undefined, error: () => undefined },
  });
}
