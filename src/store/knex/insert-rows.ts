import type { Columns, Dialect } from "./dialect.js";

/** The INSERT of rows that come as the one JSON parameter that `json` makes. */
export function insertRows(dialect: Dialect, table: string, columns: Columns): string {
  const names = Object.keys(columns).join(", ");
  return `INSERT INTO ${table} (${names})
     SELECT ${names} FROM ${dialect.rows("x", columns)} WHERE true`;
}
