import type { Dialect } from "../knex/dialect.js";

/** SQLite: one writer in one process, so nothing is locked row by row. */
export const sqliteDialect: Dialect = {
  capabilities: { manyInstances: false, manyWriters: false },
  rows(alias, columns) {
    const fields = Object.keys(columns).map((name) => `value ->> '$.${name}' AS ${name}`);
    return `(SELECT ${fields.join(", ")} FROM json_each(?)) AS ${alias}`;
  },
  greatest: (a, b) => `max(${a}, ${b})`,
  least: (a, b) => `min(${a}, ${b})`,
  forUpdate: "",
  forShare: "",
  forUpdateSkipLocked: "",
  nextRequestNumber: (i) =>
    `coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'requests'), 0) + 1 + ${i}`,
};
