import type { Logger } from "pino";
import { Acceptor } from "./accept/acceptor.js";
import { bodyHasher, resetHasher } from "./accept/body-hash.js";
import { newId } from "./accept/new-id.js";
import { findProtocol } from "./adapters/registry.js";
import { ensureFirstUser } from "./auth/first-user.js";
import { Passwords } from "./auth/passwords.js";
import { TokenSweep } from "./auth/token-sweep.js";
import { Tokens } from "./auth/tokens.js";
import { formatAddress } from "./config/address.js";
import type { Configuration } from "./config/configuration.js";
import { providerJudge, runDefinitionJudge } from "./config/judge-definition.js";
import { ConnectionTest } from "./dispatch/connection-test.js";
import { Dispatcher } from "./dispatch/dispatcher.js";
import { Settlements } from "./dispatch/settlements.js";
import { PostgresWakeUp } from "./dispatch/wake-up/postgres-wake-up.js";
import { alone } from "./dispatch/wake-up/wake-up.js";
import { HealthServer } from "./http/health-server.js";
import { draftUpserter } from "./inventory/upsert-drafts.js";
import { caIdRules } from "./providers/catalogue-ca-ids.js";
import { catalogueRules } from "./providers/catalogue-rules.js";
import { ProviderCatalogue } from "./providers/provider-catalogue.js";
import { LeaseSweep } from "./pull/lease-sweep.js";
import { PullDesk } from "./pull/pull-desk.js";
import type { Clock } from "./requests/clock.js";
import { addServices } from "./rpc/add-services.js";
import { byToken, withoutToken } from "./rpc/authenticate.js";
import { routeGrpcLog } from "./rpc/grpc-log.js";
import { RpcServer } from "./rpc/server.js";
import { checkCron } from "./schedule/check-cron.js";
import { RunBook } from "./schedule/run-book.js";
import { Scheduler } from "./schedule/scheduler.js";
import { PIN_PURPOSE } from "./secrets/purposes.js";
import { knexAccountStore } from "./store/knex/accounts.js";
import { knexDispatchStore } from "./store/knex/knex-dispatch-store.js";
import { knexInventoryStore } from "./store/knex/knex-inventory-store.js";
import { knexLaneStore } from "./store/knex/knex-lane-store.js";
import { knexPullStore } from "./store/knex/knex-pull-store.js";
import { knexRequestStore } from "./store/knex/knex-request-store.js";
import { knexRunStore } from "./store/knex/knex-run-store.js";
import { prepareDatabase } from "./store/prepare-database.js";
import { lockForServing } from "./store/sqlite/lock-for-serving.js";

export interface ServiceOptions {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly clock: Clock;
  /** 0 or more, less than 1; for jitter. */
  readonly random: () => number;
  /** Tells the operator the generated password of the first user, once. */
  readonly announceFirstUser: (user: string, password: string) => void;
}

/** A running service. */
export interface Service {
  /** `host:port` of the gRPC server, the port being the real one. */
  readonly grpc: string;
  /** The same of the HTTP server. */
  readonly http: string;
  /**
   * Stops in good order: not serving, no tick, no claim; unsent heads given back, answers awaited
   * for as long as the settings say, outcomes written, sessions left to others; calls that had
   * come answered; everything closed. Aborting `now` skips every wait; nothing durable is lost
   * either way.
   */
  stop(now: AbortSignal): Promise<void>;
}

/** Builds the service and starts it, what others need first. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { configuration, logger: log, clock, random } = options;
  const { settings } = configuration;
  // What is open so far, in the order of opening: a start that fails closes it again.
  const open: { close(): Promise<void> }[] = [];
  try {
    let isReady = async () => false;
    const http = new HealthServer({ address: settings.httpAddress, ready: () => isReady() });
    const httpAddress = await http.listen();
    open.push({ close: () => http.stop() });
    const releaseLock = await lockForServing(settings);
    open.push({ close: releaseLock });

    const prepared = await prepareDatabase({
      configuration,
      clock,
      onNotice: (text) => log.warn(text),
    });
    const { database, cipher, runDefinitions } = prepared;
    open.push(database);

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
      settings.database.kind === "postgres"
        ? new PostgresWakeUp(settings.database.url, log)
        : alone;
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

    routeGrpcLog(log);
    const authenticate = settings.auth === "off" ? withoutToken : byToken(tokens);
    const rpc = new RpcServer({ authenticate, logger: log, clock });
    addServices(rpc, {
      auth: { store: accounts, passwords: new Passwords(), tokens },
      create: { acceptor, store, settlements, dispatcher, clock },
      lanes: knexLaneStore(database),
      inventory: { inventory, upsertDrafts: draftUpserter(inventory, caIdRules(catalogue)) },
      pull,
      runs: {
        book,
        runs,
        definitions: runDefinitions,
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
          // What is created next through this instance is judged by what was stored just now.
          await catalogue.refresh();
          dispatcher.providersChanged();
        },
        connectionTest: new ConnectionTest({
          store: dispatchStore,
          incarnation: () => dispatcher.incarnation,
          liveSlots: async (provider, connections) =>
            (await prepared.providers.liveState(provider, connections, undefined)).slots,
          clock,
          log,
          onSlotFreed: () => dispatcher.slotsFreed(),
        }),
        log,
      },
    });

    // Definitions first: what is claimed at start is claimed in a run.
    await scheduler.load();
    wakeUp.start((notice) => {
      switch (notice.kind) {
        case "run":
          book.join(notice.run);
          return;
        case "run_definitions":
          scheduler.hurry();
          return;
        default:
          dispatcher.hear(notice);
      }
    });
    open.push({ close: () => wakeUp.stop() });
    await dispatcher.start();
    open.push({
      async close() {
        await dispatcher.drain(AbortSignal.abort());
        await dispatcher.signOff();
      },
    });
    await scheduler.start();
    open.push({ close: () => scheduler.stop() });
    tokenSweep.start();
    open.push({ close: () => tokenSweep.stop() });
    leaseSweep.start();
    open.push({ close: () => leaseSweep.stop() });
    const { address: grpcAddress } = await rpc.listen(formatAddress(settings.grpcAddress));
    isReady = async () => (await database.reader.all("SELECT 1 AS ok")).length > 0;

    return {
      grpc: grpcAddress,
      http: httpAddress,
      async stop(now) {
        const deadline = AbortSignal.any([now, AbortSignal.timeout(settings.stopTimeoutMs)]);
        isReady = async () => false;
        rpc.setServing(false);
        // Calls go on meanwhile: what a client began before it was told to go elsewhere is answered.
        const calls = unless(now, rpc.stop(settings.stopTimeoutMs, now));
        await Promise.all([scheduler.stop(), tokenSweep.stop(), leaseSweep.stop()]);
        await dispatcher.drain(deadline);
        settlements.close();
        // Runs end as completed before the process lets go of what is still its own.
        await book.stop();
        // Not after the calls: others are to go on at once, however long a call takes.
        await dispatcher.signOff();
        await calls;
        await acceptor.idle();
        // What the last calls started.
        await book.stop();
        await wakeUp.stop();
        await database.close();
        await releaseLock();
        await http.stop();
      },
    };
  } catch (error) {
    for (const resource of open.toReversed()) await resource.close();
    throw error;
  }
}

/** Waits for work to end, but no longer once `now` aborts. */
async function unless(now: AbortSignal, work: Promise<void>): Promise<void> {
  if (now.aborted) return;
  let skip: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    skip = resolve;
    now.addEventListener("abort", skip, { once: true });
  });
  await Promise.race([work, aborted]);
  now.removeEventListener("abort", skip);
}
