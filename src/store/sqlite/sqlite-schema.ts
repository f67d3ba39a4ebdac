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
};
