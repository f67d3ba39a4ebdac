import type { Dialect } from "../knex/dialect.js";

const LOCKS = { none: "OFFSET 0", wait: "FOR UPDATE", skip: "FOR UPDATE SKIP LOCKED" } as const;
const KEY = (x: string) => `k.provider = ${x}.provider AND k.ca_id = ${x}.ca_id`;

/**
 * By the key, in a form that leaves the planner no choice: a plain equality could also be joined the
 * other way round, from end to end of a table that seems to be empty. To look the row's place up in a
 * sub-select does it too, but then each row asks for the size of the file: 14.4 us to mark a lane as
 * owned and 6.0 to delete it, where this takes 10.8 and 2.7.
 */
function laneOf(x: string): string {
  return `lanes.provider = ANY (ARRAY[${x}.provider]) AND lanes.ca_id = ANY (ARRAY[${x}.ca_id])`;
}

/**
 * A sub-select of its own for each row leaves the planner no choice. A join does: with a table that
 * it believes to be empty it reads that from end to end, for ever in a plan that is kept.
 */
function joinRow(table: string, alias: string, condition: string): string {
  return `LEFT JOIN LATERAL (SELECT * FROM ${table} ${alias} WHERE ${condition} OFFSET 0) AS ${alias} ON true`;
}

/** PostgreSQL: several instances, rows locked in key order, the database's clock. */
export const postgresDialect: Dialect = {
  capabilities: { manyInstances: true, manyWriters: true },
  packsRows: false,
  rewritesIndexes: false,
  // An outcome of 15 columns, sent and inserted: 19.6 us. With json_to_recordset, which makes a
  // hash table for each row, 24.1; with an array for each column (unnest) 18.4, but those are slow
  // to make in JavaScript.
  rows(alias, columns, shared = {}) {
    const fields = [
      ...Object.entries(shared).map(([name, type]) => `CAST(? AS ${type}) AS ${name}`),
      ...Object.entries(columns).map(([name, type], i) => `CAST(v ->> ${i} AS ${type}) AS ${name}`),
      "n - 1 AS place",
    ];
    return `(SELECT ${fields.join(", ")}
      FROM jsonb_array_elements(CAST(? AS jsonb)) WITH ORDINALITY AS row(v, n)) AS ${alias}`;
  },
  joinRow,
  // To look its number up first and the row by that took 1.5 us of 24 to give a lane its next head.
  joinFirstWaiting: (condition, order) =>
    `LEFT JOIN LATERAL (SELECT * FROM waiting w WHERE ${condition}
      ORDER BY ${order} LIMIT 1) AS w ON true`,
  joinEarlier: joinRow(
    "requests",
    "r",
    "r.created_by = x.created_by AND r.request_id = x.request_id",
  ),
  joinLane: (lock, x) =>
    `CROSS JOIN LATERAL (SELECT k.* FROM lanes k WHERE ${KEY(x)} ${LOCKS[lock]}) AS l`,
  laneOf,
  deleteLanes(x, same) {
    const alike = same.map((column) => `AND lanes.${column} = x.${column}`);
    return `DELETE FROM lanes USING ${x} WHERE ${laneOf("x")} ${alike.join(" ")}`;
  },
  isOneOf: (column) => `${column} = ANY (CAST(? AS bigint[]))`,
  numbers: (values) => `{${values.join(",")}}`,
  lists: (array, text) => `CAST(${array} AS jsonb) @> to_jsonb(${text})`,
  texts: (array, alias) => `jsonb_array_elements_text(CAST(${array} AS jsonb)) AS ${alias}(value)`,
  greatest: (a, b) => `greatest(${a}, ${b})`,
  least: (a, b) => `least(${a}, ${b})`,
  forUpdate: "FOR UPDATE",
  forShare: "FOR SHARE",
  forKeyShare: "FOR KEY SHARE",
  forUpdateSkipLocked: "FOR UPDATE SKIP LOCKED",
  nextRequestNumber: () => "nextval('requests_number_seq')",
};
