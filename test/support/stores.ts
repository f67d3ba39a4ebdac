import { join } from "node:path";
import { type Clock, systemClock } from "../../src/requests/clock.js";
import type { Database } from "../../src/store/knex/database.js";
import { openPostgres } from "../../src/store/postgres/postgres-database.js";
import { openSqlite } from "../../src/store/sqlite/sqlite-database.js";
import { postgresServer } from "./postgres-server.js";
import { testFolder } from "./test-folder.js";

/** A way to open a database of one's own for one test. */
export interface TestDatabase {
  /** For test titles. */
  readonly title: string;
  /** `PROVISIONING_DATABASE_URL` and driver of a new, empty database. */
  create(): Promise<{ url: string; driver: "sqlite3" | "better-sqlite3" }>;
}

/** Every driver that the store supports; suites loop over them. */
export const DATABASES: readonly TestDatabase[] = [
  { title: "SQLite (sqlite3)", create: async () => ({ url: sqliteUrl(), driver: "sqlite3" }) },
  {
    title: "SQLite (better-sqlite3)",
    create: async () => ({ url: sqliteUrl(), driver: "better-sqlite3" }),
  },
  {
    title: "PostgreSQL",
    create: async () => ({
      url: await (await postgresServer()).createDatabase(),
      driver: "sqlite3",
    }),
  },
];

/** Of a file that is not yet there, in a folder of its own. */
export function sqliteUrl(): string {
  return `sqlite:${join(testFolder("database"), "provisioning.db")}`;
}

/** Opens the database behind a URL as the service does. */
export function openTestDatabase(
  target: { url: string; driver: "sqlite3" | "better-sqlite3" },
  clock: Clock = systemClock,
): Promise<Database> {
  return target.url.startsWith("sqlite:")
    ? openSqlite({ file: target.url.slice("sqlite:".length), driver: target.driver, clock })
    : openPostgres({ url: target.url });
}
