import type { Knex } from "knex";
import { NewerDatabase } from "../newer-database.js";
import { initial } from "./0001-initial.js";
import { laneDepth } from "./0002-lane-depth.js";
import { servicesAndAnswers } from "./0003-services-and-answers.js";
import { liveProviders } from "./0004-live-providers.js";
import { pullLeases } from "./0005-pull-leases.js";
import { numbersByKey } from "./0006-numbers-by-key.js";
import { levelsOfRequestIds } from "./0007-levels-of-request-ids.js";
import { startOfPauses } from "./0008-start-of-pauses.js";
import { formerItems } from "./0009-former-items.js";
import { claims } from "./0010-claims.js";
import type { Migration, SchemaDialect } from "./migration.js";

const MIGRATIONS: readonly Migration[] = [
  initial,
  laneDepth,
  servicesAndAnswers,
  liveProviders,
  pullLeases,
  numbersByKey,
  levelsOfRequestIds,
  startOfPauses,
  formerItems,
  claims,
];

/**
 * Brings the schema up to date, each step in a transaction of its own. The caller makes sure that
 * no other process migrates at the same time, so a lock row that knex finds was left by one that
 * died, and is cleared. Throws `NewerDatabase`, and changes nothing, when a newer version was here.
 */
export async function migrate(knex: Knex, dialect: SchemaDialect): Promise<void> {
  const migrationSource: Knex.MigrationSource<Migration> = {
    getMigrations: async () => [...MIGRATIONS],
    getMigrationName: (migration) => migration.name,
    getMigration: async (migration) => ({
      async up(tx: Knex) {
        for (const statement of migration.statements(dialect)) await tx.raw(statement);
      },
      async down() {
        throw new Error("migrations are not undone: restore the backup made before the upgrade");
      },
    }),
  };
  const migrator = knex.migrate;
  await refuseNewer(migrator, migrationSource);
  await migrator.forceFreeMigrationsLock({ migrationSource });
  await migrator.latest({ migrationSource });
}

/** Knex would find the same, and take it for files that were lost. */
async function refuseNewer(
  migrator: Knex.Migrator,
  migrationSource: Knex.MigrationSource<Migration>,
): Promise<void> {
  const [applied]: [{ readonly name: string }[], unknown] = await migrator.list({
    migrationSource,
    disableMigrationsListValidation: true,
  });
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const newest = applied.findLast(({ name }) => !known.has(name));
  if (newest !== undefined) throw new NewerDatabase(newest.name);
}
