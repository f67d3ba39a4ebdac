import type { SchemaDialect } from "../migrations/migration.js";

export const sqliteSchema: SchemaDialect = {
  key: "text",
  // Any other type would make a second tree beside that of the row ids.
  number: "integer",
  // AUTOINCREMENT: sqlite_sequence remembers the highest number even when its row is archived.
  identity: "integer PRIMARY KEY AUTOINCREMENT",
  hot: "",
  hotByKey: "WITHOUT ROWID",
  clock: [],
  roomToMark: [],
  requestIds: [
    "DROP INDEX requests_request_id",
    `CREATE TABLE request_ids (
      request_key bigint NOT NULL,
      number bigint NOT NULL,
      PRIMARY KEY (request_key, number)) WITHOUT ROWID`,
    "CREATE TABLE settled_requests (through_number bigint NOT NULL)",
    "INSERT INTO settled_requests (through_number) VALUES (0)",
  ],
};
