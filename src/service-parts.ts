import { Acceptor } from "./accept/acceptor.js";
import { bodyHasher, resetHasher } from "./accept/body-hash.js";
import { newId } from "./accept/new-id.js";
import { findProtocol } from "./adapters/registry.js";
import { ensureFirstUser } from "./auth/first-user.js";
import { TokenSweep } from "./auth/token-sweep.js";
import { Tokens } from "./auth/tokens.js";
import { Dispatcher } from "./dispatch/dispatcher.js";
import { Settlements } from "./dispatch/settlements.js";
import { PostgresWakeUp } from "./dispatch/wake-up/postgres-wake-up.js";
import { alone } from "./dispatch/wake-up/wake-up.js";
import { catalogueRules } from "./providers/catalogue-rules.js";
import { ProviderCatalogue } from "./providers/provider-catalogue.js";
import { LeaseSweep } from "./pull/lease-sweep.js";
import { PullDesk } from "./pull/pull-desk.js";
import { RunBook } from "./schedule/run-book.js";
import { Scheduler } from "./schedule/scheduler.js";
import { PIN_PURPOSE } from "./secrets/purposes.js";
import type { ServiceOptions } from "./service.js";
import { knexAccountStore } from "./store/knex/accounts.js";
import { knexDispatchStore } from "./store/knex/knex-dispatch-store.js";
import { knexInventoryStore } from "./store/knex/knex-inventory-store.js";
import { knexPullStore } from "./store/knex/knex-pull-store.js";
import { knexRequestStore } from "./store/knex/knex-request-store.js";
import { knexRunStore } from "./store/knex/knex-run-store.js";
import type { PreparedDatabase } from "./store/prepare-database.js";

/** What the service is made of, built and not started. */
export type ServiceParts = Awaited<ReturnType<typeof buildParts>>;

/** Builds the parts on a database that is ready. */
export async function buildParts(options: ServiceOptions, prepared: PreparedDatabase) {
  const { logger: log, clock, random } = options;
  const { settings } = options.configuration;
  const { database, cipher, runDefinitions } = prepared;

  const accounts = knexAccountStore(database);
  const tokens = new Tokens(accounts, clock);
  const { adminPassword } = settings;
  await ensureFirstUser(accounts, { adminPassword, announce: options.announceFirstUser });
  const tokenSweep = new TokenSweep({ store: accounts, clock, logger: log });

  const catalogue = new ProviderCatalogue({
    source: prepared.providers,
    findProtocol,
    onUnusable: (provider, reason) => log.error({ provider, reason }, "provider is unusable"),
  });
  await catalogue.refresh();
  const inventory = knexInventoryStore(database, clock);

  const store = knexRequestStore(database, cipher.keyId);
  const dispatchStore = knexDispatchStore(database, cipher.keyId);
  const runs = knexRunStore(database);
  const settlements = new Settlements();
  const book = new RunBook({
    store: runs,
    incarnation: () => dispatcher.incarnation,
    wakeProviders: (covered) => dispatcher.wakeConnected(covered),
    announce: (run) => dispatcher.announceRun(run),
    newId,
    clock,
    log,
  });
  const wakeUp =
    settings.database.kind === "postgres" ? new PostgresWakeUp(settings.database.url, log) : alone;
  const backoff = { baseMs: settings.backoffBaseMs, maxMs: settings.backoffMaxMs };
  const unseal = (sealedPin: string) => cipher.decrypt(PIN_PURPOSE, sealedPin).toString();
  const dispatcher: Dispatcher = new Dispatcher({
    store: dispatchStore,
    runs: book,
    settlements,
    wakeUp,
    providers: async () => {
      await catalogue.follow();
      return catalogue.list();
    },
    patienceMs: settings.stopTimeoutMs,
    lease: { leaseMs: settings.leaseMs, heartbeatMs: settings.heartbeatMs },
    backoff,
    unseal,
    newId,
    clock,
    random,
    log,
  });
  const scheduler = new Scheduler({ definitions: runDefinitions, book, clock, log });
  const acceptor = new Acceptor({
    store,
    dispatcher,
    rules: catalogueRules(catalogue),
    newId,
    seal: (pin) => cipher.encrypt(PIN_PURPOSE, pin),
    hashBody: bodyHasher(prepared.requestBodyKey),
    hashReset: resetHasher(prepared.requestBodyKey),
    log,
  });
  const pullStore = knexPullStore(database);
  const pull = new PullDesk({
    store: pullStore,
    dispatch: dispatchStore,
    providers: catalogue,
    settlements,
    announceEnded: (numbers) => dispatcher.announceEnded(numbers),
    unseal,
    backoff,
    newId,
    clock,
    random,
    log,
  });
  const leaseSweep = new LeaseSweep({ store: pullStore, settlements, clock, log });

  return {
    accounts,
    tokens,
    tokenSweep,
    catalogue,
    inventory,
    store,
    dispatchStore,
    runs,
    settlements,
    book,
    wakeUp,
    dispatcher,
    scheduler,
    acceptor,
    pull,
    leaseSweep,
  };
}
