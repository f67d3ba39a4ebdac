import { isDeepStrictEqual } from "node:util";
import type { CaAdapter, CaProtocol } from "../adapters/ca-adapter.js";
import type { CommandType } from "../requests/command.js";
import { ConfiguredProvider } from "./configured-provider.js";
import type { Provider } from "./provider.js";
import { unusableAdapter } from "./unusable-adapter.js";

/** What the catalogue needs of the store. */
export interface ProviderSource {
  list(): Promise<readonly Provider[]>;
}

export interface CatalogueOptions {
  readonly source: ProviderSource;
  /** The registry of adapters. */
  readonly findProtocol: (
    name: string,
  ) => { readonly protocol: CaProtocol } | { readonly fault: string };
  /** Told of each provider that has become unusable, with the reason in a sentence. */
  readonly onUnusable: (provider: string, reason: string) => void;
}

const NO_COMMANDS: ReadonlySet<CommandType> = new Set();

/**
 * The providers as this process knows them, each with its adapter. What it answers is as old as
 * the last `refresh`.
 */
export class ProviderCatalogue {
  readonly #options: CatalogueOptions;
  #providers: ReadonlyMap<string, ConfiguredProvider> = new Map();

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /**
   * Reads all providers again. The adapter of one whose protocol and connection have not changed
   * stays the same object, so that its sessions may live on.
   */
  async refresh(): Promise<void> {
    const providers = await this.#options.source.list();
    this.#providers = new Map(
      providers.map((provider) => [provider.name, this.#configured(provider)]),
    );
  }

  get(name: string): ConfiguredProvider | undefined {
    return this.#providers.get(name);
  }

  /** All of them, by name. */
  list(): ConfiguredProvider[] {
    return [...this.#providers.values()];
  }

  /** The commands that a provider takes; none for one that is not known. */
  commandsOf(name: string): ReadonlySet<CommandType> {
    return this.#providers.get(name)?.commands ?? NO_COMMANDS;
  }

  #configured(provider: Provider): ConfiguredProvider {
    const known = this.#providers.get(provider.name);
    if (known?.provider.version === provider.version) return known;
    const same =
      known?.provider.protocol === provider.protocol &&
      isDeepStrictEqual(known.provider.connection, provider.connection);
    return new ConfiguredProvider(provider, same ? known.adapter : this.#adapter(provider));
  }

  #adapter({ name, protocol, connection }: Provider): CaAdapter {
    const found = this.#options.findProtocol(protocol);
    const configured = "fault" in found ? found : found.protocol.configure(connection);
    if ("adapter" in configured) return configured.adapter;
    const reason =
      "fault" in configured
        ? configured.fault
        : configured.faults.map((f) => `connection.${f.field} ${f.description}`).join("; ");
    this.#options.onUnusable(name, reason);
    return unusableAdapter(reason);
  }
}
