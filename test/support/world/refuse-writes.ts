import type { Database } from "../../../src/store/knex/database.js";

/** Changes that a database is to refuse. */
export interface RefusedWrites {
  /** Such as `INSERT`, or `UPDATE OF state`. */
  readonly event: string;
  readonly table: string;
  /** A condition on the row as it would be, `NEW`; without one all of them are refused. */
  readonly when?: string;
  /** What the database says to it. */
  readonly text: string;
  /** PostgreSQL's code for that; by default the one that RAISE has by itself. */
  readonly code?: string;
}

/** From now on the database refuses such changes; what is returned has it take them again. */
export async function refuseWrites(
  database: Database,
  { event, table, when, text, code = "P0001" }: RefusedWrites,
): Promise<() => Promise<void>> {
  const { manyInstances } = database.dialect.capabilities;
  const run = (...statements: string[]) =>
    database.write("create", async (tx) => {
      for (const statement of statements) await tx.all(statement);
    });
  const condition = when === undefined ? "" : `WHEN (${when})`;
  const trigger = `CREATE TRIGGER refuse_writes BEFORE ${event} ON ${table}`;
  if (manyInstances) {
    await run(
      `CREATE OR REPLACE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '${text}' USING ERRCODE = '${code}'; END $$`,
      `${trigger} FOR EACH ROW ${condition} EXECUTE FUNCTION refuse_writes()`,
    );
  } else await run(`${trigger} ${condition} BEGIN SELECT RAISE(ABORT, '${text}'); END`);
  return () => run(`DROP TRIGGER refuse_writes ${manyInstances ? `ON ${table}` : ""}`);
}
