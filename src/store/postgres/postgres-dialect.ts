import type { Dialect } from "../knex/dialect.js";

/** PostgreSQL: several instances, rows locked in key order, the database's clock. */
export const postgresDialect: Dialect = {
  capabilities: { manyInstances: true, manyWriters: true },
  rows(alias, columns) {
    const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `jsonb_to_recordset(CAST(? AS jsonb)) AS ${alias}(${fields.join(", ")})`;
  },
  greatest: (a, b) => `greatest(${a}, ${b})`,
  least: (a, b) => `least(${a}, ${b})`,
  forUpdate: "FOR UPDATE",
  forShare: "FOR SHARE",
  forUpdateSkipLocked: "FOR UPDATE SKIP LOCKED",
  nextRequestNumber: () => "nextval('requests_number_seq')",
};
