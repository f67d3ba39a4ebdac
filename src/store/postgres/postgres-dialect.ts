import type { Dialect } from "../knex/dialect.js";

const LOCKS = { none: "OFFSET 0", wait: "FOR UPDATE", skip: "FOR UPDATE SKIP LOCKED" } as const;
const KEY = (x: string) => `k.provider = ${x}.provider AND k.ca_id = ${x}.ca_id`;

function laneOf(x: string): string {
  return `lanes.ctid = (SELECT k.ctid FROM lanes k WHERE ${KEY(x)})`;
}

/** PostgreSQL: several instances, rows locked in key order, the database's clock. */
export const postgresDialect: Dialect = {
  capabilities: { manyInstances: true, manyWriters: true },
  // json, not jsonb: parsed once and thrown away, 10 us for a row of 23 columns against 16.
  rows(alias, columns) {
    const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `json_to_recordset(CAST(? AS json)) AS ${alias}(${fields.join(", ")})`;
  },
  // A sub-select of its own for each row leaves the planner no choice. A join does: with a table
  // that it believes to be empty it reads that from end to end, for ever in a plan that is kept.
  joinLane: (lock, x) =>
    `CROSS JOIN LATERAL (SELECT k.* FROM lanes k WHERE ${KEY(x)} ${LOCKS[lock]}) AS l`,
  laneOf,
  deleteLanes(x, same) {
    const alike = same.map((column) => `AND lanes.${column} = x.${column}`);
    return `DELETE FROM lanes USING ${x} WHERE ${laneOf("x")} ${alike.join(" ")}`;
  },
  lanesOf: (x) =>
    `ctid = ANY (ARRAY(SELECT (SELECT k.ctid FROM lanes k WHERE ${KEY("x")}) FROM ${x}))`,
  isOneOf: (column) => `${column} = ANY (CAST(? AS bigint[]))`,
  numbers: (values) => `{${values.join(",")}}`,
  greatest: (a, b) => `greatest(${a}, ${b})`,
  least: (a, b) => `least(${a}, ${b})`,
  forUpdate: "FOR UPDATE",
  forShare: "FOR SHARE",
  forUpdateSkipLocked: "FOR UPDATE SKIP LOCKED",
  nextRequestNumber: () => "nextval('requests_number_seq')",
};
