import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import knexFactory, { type Knex } from "knex";
import { DatabaseUnreachable } from "../database-unreachable.js";
import type { SqliteDriver } from "./sqlite-database.js";

/** Gives the lock back; another process can have it once the promise resolves. */
export type ReleaseServeLock = () => Promise<void>;

/** How long to wait for a process that only looks whether the lock is held. */
const PATIENCE_MS = 500;

/**
 * Takes the lock that one `serve` holds on a database file for life. It is SQLite's own lock on a
 * side file, `FILE.serve-lock`, so the kernel frees it however the process ends. The side file
 * stays: removing it would let two processes lock two files of one name.
 */
export async function acquireServeLock(
  file: string,
  driver: SqliteDriver,
): Promise<ReleaseServeLock | "held"> {
  const knex = connect(lockFile(file), driver);
  // A connection that stays taken until the lock is given back: knex never closes it for idleness.
  let connection: unknown;
  const run = (sql: string) => knex.raw(sql).connection(connection);
  const close = async () => {
    if (connection !== undefined) await knex.client.releaseConnection(connection);
    await knex.destroy();
  };
  try {
    connection = await knex.client.acquireConnection();
    await run(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    await run("PRAGMA locking_mode = EXCLUSIVE");
    await run("BEGIN EXCLUSIVE");
    return close;
  } catch (error) {
    await close();
    if (isBusy(error)) return "held";
    throw unreachable(file, error);
  }
}

/** True while some process, this one or another, holds the lock of the database file. */
export async function isServed(file: string, driver: SqliteDriver): Promise<boolean> {
  const path = lockFile(file);
  if (!existsSync(path)) return false;
  const knex = connect(path, driver);
  try {
    await knex.raw("PRAGMA busy_timeout = 0");
    // Any read needs a lock that the exclusive one shuts out.
    await knex.raw("SELECT count(*) FROM sqlite_master");
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw unreachable(file, error);
  } finally {
    await knex.destroy();
  }
}

/** Beside the database file itself, also when that was named through a link. */
function lockFile(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const real = existsSync(file)
      ? realpathSync(file)
      : join(realpathSync(dirname(file)), basename(file));
    return `${real}.serve-lock`;
  } catch (error) {
    throw unreachable(file, error);
  }
}

function connect(filename: string, driver: SqliteDriver): Knex {
  return knexFactory({
    client: driver,
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 0, max: 1, idleTimeoutMillis: 2 ** 31 - 1 },
    // Knex writes to standard output what the error thrown says as well.
    log: { warn: () => undefined, error: () => undefined },
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function unreachable(file: string, cause: unknown): DatabaseUnreachable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseUnreachable(`cannot lock the database ${file}: ${reason}`, { cause });
}
