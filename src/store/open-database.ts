import { ConfigError } from "../config/config-fault.js";
import { describeTarget } from "../config/database-target.js";
import { SETTINGS } from "../config/setting-table.js";
import type { Settings } from "../config/settings.js";
import type { Clock } from "../requests/clock.js";
import { codeOf } from "./database-error.js";
import { DatabaseUnreachable, reasonOf } from "./database-unreachable.js";
import type { Database } from "./knex/database.js";
import { NewerDatabase } from "./newer-database.js";
import { openPostgres } from "./postgres/postgres-database.js";
import { openSqlite } from "./sqlite/sqlite-database.js";

export interface OpenDatabaseOptions {
  readonly settings: Pick<Settings, "database" | "sqliteDriver">;
  readonly clock: Clock;
  /** Told when the schema waits for another process that migrates. */
  readonly onMigrationWait?: () => void;
}

/**
 * Opens the database of the settings and brings its schema up to date. Throws
 * `DatabaseUnreachable` when it cannot be had, `ConfigError` when its driver is not installed, and
 * `NewerDatabase`.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { database, sqliteDriver } = options.settings;
  try {
    switch (database.kind) {
      case "sqlite":
        return await openSqlite({
          file: database.file,
          driver: sqliteDriver,
          clock: options.clock,
        });
      case "postgres":
        return await openPostgres({ url: database.url, ...migrationWait(options) });
    }
  } catch (error) {
    if (isDriverMissing(error, sqliteDriver)) {
      throw new ConfigError([
        {
          where: SETTINGS.sqliteDriver.variable,
          description: `the package ${sqliteDriver} is not installed`,
        },
      ]);
    }
    if (error instanceof NewerDatabase || isOurs(error)) throw error;
    throw new DatabaseUnreachable(
      `cannot open the database ${describeTarget(database)}: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}

function migrationWait({ onMigrationWait }: OpenDatabaseOptions) {
  return onMigrationWait === undefined ? {} : { onMigrationWait };
}

/** SQLSTATE classes of a server that cannot be used: connection, read only, login, database, room, shutdown. */
const UNREACHABLE_CLASSES = new Set(["08", "25", "28", "3D", "53", "57", "58"]);

/** A statement of ours that failed on a database that works: a bug, not a database out of reach. */
function isOurs(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "SQLITE_ERROR") return true;
  return (
    /^[0-9A-Z]{5}$/.test(code) && !UNREACHABLE_CLASSES.has(code.slice(0, 2)) && !/^E/.test(code)
  );
}

function isDriverMissing(error: unknown, driver: string): boolean {
  if (!(error instanceof Error)) return false;
  return (
    codeOf(error) === "MODULE_NOT_FOUND" || error.message.includes(`Cannot find module '${driver}'`)
  );
}
