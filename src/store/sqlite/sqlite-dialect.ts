import type { Dialect } from "../knex/dialect.js";

/** SQLite: one writer in one process, so nothing is locked row by row. */
export const sqliteDialect: Dialect = {
  capabilities: { manyInstances: false, manyWriters: false },
  packsRows: true,
  rewritesIndexes: true,
  // jsonb_each (SQLite 3.51) hands rows on in parsed form: 6.4 us for one of 23 columns; with
  // objects instead of arrays 6.8, VALUES with a parameter for each value 5.7 to 14.7. json_each
  // takes more than twice as long.
  rows(alias, columns, shared = {}) {
    const fields = [
      ...Object.keys(shared).map((name) => `? AS ${name}`),
      ...Object.keys(columns).map((name, i) => `value ->> ${i} AS ${name}`),
      "key AS place",
    ];
    return `(SELECT ${fields.join(", ")} FROM jsonb_each(?)) AS ${alias}`;
  },
  joinRow: (table, alias, condition) => `LEFT JOIN ${table} ${alias} ON ${condition}`,
  joinFirstWaiting: (condition, order) => `LEFT JOIN waiting w ON w.number = (
    SELECT w.number FROM waiting w WHERE ${condition} ORDER BY ${order} LIMIT 1)`,
  joinEarlier: `LEFT JOIN requests r ON r.number = (
    SELECT k.number FROM request_ids k CROSS JOIN requests e ON e.number = k.number
    WHERE k.request_key = x.request_key AND e.created_by = x.created_by
      AND e.request_id = x.request_id)`,
  // CROSS JOIN is SQLite's way to say that the left side is the outer one.
  joinLane: (_lock, x) =>
    `CROSS JOIN lanes AS l ON l.provider = ${x}.provider AND l.ca_id = ${x}.ca_id`,
  laneOf: (x) => `lanes.provider = ${x}.provider AND lanes.ca_id = ${x}.ca_id`,
  deleteLanes(x, same) {
    // Row values of other than the key's columns would look up each column by itself.
    const alike = same.map((column) => `AND l.${column} = x.${column}`);
    return `DELETE FROM lanes WHERE (provider, ca_id) IN (SELECT l.provider, l.ca_id FROM ${x}
      CROSS JOIN lanes l ON l.provider = x.provider AND l.ca_id = x.ca_id ${alike.join(" ")})`;
  },
  isOneOf: (column) => `${column} IN (SELECT value FROM json_each(?))`,
  numbers: (values) => `[${values.join(",")}]`,
  lists: (array, text) => `${text} IN (SELECT value FROM json_each(${array}))`,
  texts: (array, alias) => `json_each(${array}) AS ${alias}`,
  greatest: (a, b) => `max(${a}, ${b})`,
  least: (a, b) => `min(${a}, ${b})`,
  forUpdate: "",
  forShare: "",
  forKeyShare: "",
  forUpdateSkipLocked: "",
  nextRequestNumber: (i) =>
    `coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'requests'), 0) + 1 + ${i}`,
};
