import { copyFileSync } from "node:fs";
import { postgresServer } from "../postgres-server.js";
import { DATABASES, openTestDatabase, type TestDatabase } from "../stores.js";
import { stockInventory } from "./stock.js";

type Target = Awaited<ReturnType<TestDatabase["create"]>>;

/** For what no second SQLite driver could do differently. */
export const ONE_OF_EACH: readonly TestDatabase[] = DATABASES.filter(
  ({ title }) => !title.includes("better-sqlite3"),
);

const templates = new Map<string, Promise<Target>>();
let copies = 0;

/** A database of one's own that holds the inventory: a copy of one that was stocked before. */
export async function createStocked(source: TestDatabase): Promise<Target> {
  const known = templates.get(source.title) ?? stock(source);
  templates.set(source.title, known);
  const template = await known;
  if (template.url.startsWith("sqlite:")) {
    const copy = await source.create();
    copyFileSync(sqliteFile(template.url), sqliteFile(copy.url));
    return copy;
  }
  copies += 1;
  const name = `world_${process.pid}_${copies}`;
  const url = (database: string) => template.url.replace(/[^/]*$/, database);
  const server = await postgresServer();
  await server.query(
    url("postgres"),
    `CREATE DATABASE ${name} TEMPLATE ${template.url.replace(/.*\//, "")}`,
  );
  return { ...template, url: url(name) };
}

export function sqliteFile(url: string): string {
  return url.slice("sqlite:".length);
}

async function stock(source: TestDatabase): Promise<Target> {
  const target = await source.create();
  const database = await openTestDatabase(target);
  try {
    await stockInventory(database);
    // A first user is there: no start spends time on making one.
    await database.write("create", (tx) =>
      tx.all("INSERT INTO users (name, password_hash, created_date) VALUES ('admin', '', 1)"),
    );
  } finally {
    await database.close();
  }
  return target;
}
