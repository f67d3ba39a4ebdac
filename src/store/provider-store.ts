import type { Changed, StateChange } from "../providers/configured-change.js";
import type { AcceptedDefinition, Provider } from "../providers/provider.js";
import type { ProviderLiveState } from "../providers/provider-live-state.js";
import type { Cipher } from "../secrets/cipher.js";
import type { Pace } from "./dispatch-store.js";
import type { Database, Db } from "./knex/database.js";
import { applyProviders } from "./knex/provider-apply.js";
import { changeProvider } from "./knex/provider-change.js";
import { createProvider } from "./knex/provider-create.js";
import { getProvider } from "./knex/provider-get.js";
import {
  listProviders,
  type ProviderPage,
  pageOfProviders,
  readProviderVersions,
} from "./knex/provider-list.js";
import { readLiveState } from "./knex/provider-live-state.js";
import { setProviderLifeCycleState } from "./knex/provider-set-life-cycle-state.js";
import { holdSecretKey } from "./knex/secret-key.js";

/** Where providers are kept, for all instances. There is no way to delete one. */
export interface ProviderStore {
  /**
   * Makes the providers what the configuration file says, in one transaction. The life cycle state
   * counts only where the provider is new. Those that the file no longer has stay, and may then be
   * changed by call. A version rises only where something changed.
   */
  applyFile(providers: readonly AcceptedDefinition[]): Promise<void>;
  /** All of them, by name. */
  list(): Promise<Provider[]>;
  /** The version of each, by name. */
  versions(): Promise<ReadonlyMap<string, number>>;
  page(page: ProviderPage): Promise<Provider[]>;
  get(name: string): Promise<Provider | undefined>;
  /** Creates one by call; undefined when there is one of its name. */
  create(accepted: AcceptedDefinition, by: string): Promise<Provider | undefined>;
  /** Changes one by call, but for its life cycle state, if it still has this version. */
  change(accepted: AcceptedDefinition, version: number, by: string): Promise<Changed<Provider>>;
  /** Sets the life cycle state, also of what the file defines. */
  setLifeCycleState(name: string, change: StateChange): Promise<Changed<Provider>>;
  /** How it stands at this moment, over all instances, with so many connections and this rate. */
  liveState(name: string, connections: number, pace: Pace | undefined): Promise<ProviderLiveState>;
}

/** Keeps providers in the database, each connection encrypted as a whole. */
export function createProviderStore(database: Database, cipher: Cipher): ProviderStore {
  const { reader } = database;
  /** Writes what is encrypted: under the key that the database's secrets are under, or not at all. */
  const seal = <T>(work: (tx: Db) => Promise<T>) =>
    database.write("immediate", async (tx) => {
      await holdSecretKey(tx, cipher.keyId);
      return work(tx);
    });
  return {
    applyFile: (providers) => seal((tx) => applyProviders(tx, cipher, providers)),
    list: () => listProviders(reader, cipher),
    versions: () => readProviderVersions(reader),
    page: (page) => pageOfProviders(reader, cipher, page),
    get: (name) => getProvider(reader, cipher, name),
    create: (accepted, by) => seal((tx) => createProvider(tx, cipher, accepted, by)),
    change: (accepted, version, by) =>
      seal((tx) => changeProvider(tx, cipher, accepted, version, by)),
    setLifeCycleState: (name, change) =>
      database.write("immediate", (tx) => setProviderLifeCycleState(tx, cipher, name, change)),
    liveState: (name, connections, pace) => readLiveState(reader, name, connections, pace),
  };
}
