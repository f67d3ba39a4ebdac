import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { show } from "../world/eventually.js";
import { sqliteFile } from "../world/stocked-database.js";
import type { Round } from "./round.js";

/** Writes down all that may explain a round's faults, and returns the folder. Kills the services. */
export async function keepEvidence(round: Round): Promise<string> {
  const { world, load, strikes, faults } = round;
  const folder = mkdtempSync(join(tmpdir(), "ca-provisioning-proof-"));
  const keep = (name: string, rows: readonly unknown[]) =>
    writeFileSync(join(folder, name), rows.map((row) => `${show(row)}\n`).join(""));
  keep("faults.ndjson", faults);
  keep("strikes.ndjson", strikes);
  keep("journal.ndjson", world.ca.entries);
  keep("orders.ndjson", load.orders);
  await world.killAll();
  writeFileSync(join(folder, "services.log"), world.log);
  const { databaseUrl: url } = world;
  const sqlite = url.startsWith("sqlite:");
  if (sqlite) cpSync(dirname(sqliteFile(url)), join(folder, "database"), { recursive: true });
  const { reader } = await world.database();
  const tables = await reader.all<{ name: string }>(
    sqlite
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  );
  mkdirSync(join(folder, "tables"));
  for (const { name } of tables) {
    keep(join("tables", `${name}.ndjson`), await reader.all(`SELECT * FROM ${name}`));
  }
  return folder;
}
