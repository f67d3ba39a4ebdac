import { findProtocol } from "./adapters/registry.js";
import { Passwords } from "./auth/passwords.js";
import { providerJudge, runDefinitionJudge } from "./config/judge-definition.js";
import { ConnectionTest } from "./dispatch/connection-test.js";
import { draftUpserter } from "./inventory/upsert-drafts.js";
import { caIdRules } from "./providers/catalogue-ca-ids.js";
import type { ServiceDeps } from "./rpc/add-services.js";
import { checkCron } from "./schedule/check-cron.js";
import type { ServiceOptions } from "./service.js";
import type { ServiceParts } from "./service-parts.js";
import { knexLaneStore } from "./store/knex/knex-lane-store.js";
import type { PreparedDatabase } from "./store/prepare-database.js";

/** What the calls of both edges work with. */
export function callDeps(
  { logger: log, clock }: ServiceOptions,
  prepared: PreparedDatabase,
  parts: ServiceParts,
): ServiceDeps {
  const { accounts, tokens, acceptor, store, settlements, dispatcher, inventory } = parts;
  const { catalogue, pull, book, runs, scheduler } = parts;
  return {
    auth: { store: accounts, passwords: new Passwords(), tokens },
    create: { acceptor, store, settlements, dispatcher, clock },
    lanes: knexLaneStore(prepared.database),
    inventory: { inventory, upsertDrafts: draftUpserter(inventory, caIdRules(catalogue)) },
    pull,
    runs: {
      book,
      runs,
      definitions: prepared.runDefinitions,
      judgeRunDefinition: runDefinitionJudge(checkCron),
      onRunDefinitionStored: async () => {
        scheduler.hurry();
        dispatcher.announceRunDefinitions();
      },
      log,
    },
    providers: {
      providers: prepared.providers,
      findProtocol,
      judgeProvider: providerJudge(findProtocol),
      onProviderStored: async () => {
        try {
          // What is created next through this instance is judged by what was stored just now.
          await catalogue.refresh();
        } catch (error) {
          // It is stored all the same, and seen when the database can be asked again.
          log.warn({ err: error }, "changed providers could not be read; trying again");
        }
        dispatcher.providersChanged();
      },
      connectionTest: new ConnectionTest({
        slots: () => dispatcher.slots,
        liveSlots: async (provider, connections) =>
          (await prepared.providers.liveState(provider, connections, undefined)).slots,
        clock,
        log,
        onSlotFreed: () => dispatcher.slotsFreed(),
      }),
      log,
    },
  };
}
