import { acquireServeLock } from "../../../src/store/sqlite/serve-lock.js";
import type { SqliteDriver } from "../../../src/store/sqlite/sqlite-database.js";

/** Run as a process of its own: takes the lock, says how that went, and lives until it is killed. */
const [file = "", driver = "sqlite3"] = process.argv.slice(2);
const lock = await acquireServeLock(file, driver as SqliteDriver);
process.stdout.write(lock === "held" ? "held\n" : "taken\n");
setInterval(() => undefined, 1000);
