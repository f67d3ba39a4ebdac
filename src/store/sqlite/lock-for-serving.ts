import type { Settings } from "../../config/settings.js";
import { DatabaseUnreachable } from "../database-unreachable.js";
import { acquireServeLock, type ReleaseServeLock } from "./serve-lock.js";

/** One `serve` per SQLite file: refuses a second, and gives back the lock for the time after. */
export async function lockForServing(
  settings: Pick<Settings, "database" | "sqliteDriver">,
): Promise<ReleaseServeLock> {
  const { database, sqliteDriver } = settings;
  if (database.kind !== "sqlite") return async () => undefined;
  const lock = await acquireServeLock(database.file, sqliteDriver);
  if (lock !== "held") return lock;
  throw new DatabaseUnreachable(
    `the database ${database.file} is served by another process: one service per SQLite file`,
  );
}
