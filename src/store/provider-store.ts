import type { Effectiveness } from "../providers/effectiveness.js";
import type { AcceptedDefinition, Provider } from "../providers/provider.js";
import type { Cipher } from "../secrets/cipher.js";
import type { Database } from "./knex/database.js";
import { applyProviders } from "./knex/provider-apply.js";
import { getProvider } from "./knex/provider-get.js";
import { listProviders } from "./knex/provider-list.js";
import { setProviderLifeCycleState } from "./knex/provider-set-life-cycle-state.js";

/** Where providers are kept, for all instances. */
export interface ProviderStore {
  /**
   * Makes the providers what the configuration file says, in one transaction. The life cycle state
   * counts only where the provider is new. Those that the file no longer has stay, and may then be
   * changed by call. A version rises only where something changed.
   */
  applyFile(providers: readonly AcceptedDefinition[]): Promise<void>;
  /** All of them, by name. */
  list(): Promise<Provider[]>;
  get(name: string): Promise<Provider | undefined>;
  /** The provider as it then is; undefined when there is none of this name. */
  setLifeCycleState(name: string, state: Effectiveness): Promise<Provider | undefined>;
}

/** Keeps providers in the database, each connection encrypted as a whole. */
export function createProviderStore(database: Database, cipher: Cipher): ProviderStore {
  return {
    applyFile: (providers) =>
      database.write("immediate", (tx) => applyProviders(tx, cipher, providers)),
    list: () => listProviders(database.reader, cipher),
    get: (name) => getProvider(database.reader, cipher, name),
    setLifeCycleState: (name, state) =>
      database.write("immediate", (tx) => setProviderLifeCycleState(tx, cipher, name, state)),
  };
}
