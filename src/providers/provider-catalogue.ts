import { isDeepStrictEqual } from "node:util";
import type { CaAdapter } from "../adapters/ca-adapter.js";
import type { CommandType } from "../requests/command.js";
import { configureAdapter, type ProtocolLookup } from "./configure-adapter.js";
import { ConfiguredProvider } from "./configured-provider.js";
import type { Provider } from "./provider.js";
import { unusableAdapter } from "./unusable-adapter.js";

/** What the catalogue needs of the store. */
export interface ProviderSource {
  list(): Promise<readonly Provider[]>;
  /** The version of each, by name: cheap to ask for again and again. */
  versions(): Promise<ReadonlyMap<string, number>>;
}

export interface CatalogueOptions {
  readonly source: ProviderSource;
  /** The registry of adapters. */
  readonly findProtocol: ProtocolLookup;
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
  #reading: Promise<void> = Promise.resolve();

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /**
   * Reads all providers again. The adapter of one whose protocol and connection have not changed
   * stays the same object, so that its sessions may live on.
   */
  refresh(): Promise<void> {
    // One reading after the other: what was read first does not replace what was read last.
    const reading = this.#reading.catch(() => undefined).then(() => this.#read());
    this.#reading = reading;
    return reading;
  }

  /** Reads all providers again if one of them has changed, or is new. */
  async follow(): Promise<void> {
    const versions = await this.#options.source.versions();
    const known = this.#providers;
    const isSame = (name: string, version: number) => known.get(name)?.provider.version === version;
    if (versions.size === known.size && [...versions].every(([name, v]) => isSame(name, v))) return;
    await this.refresh();
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

  async #read(): Promise<void> {
    const providers = await this.#options.source.list();
    this.#providers = new Map(
      providers.map((provider) => [provider.name, this.#configured(provider)]),
    );
  }

  #configured(provider: Provider): ConfiguredProvider {
    const known = this.#providers.get(provider.name);
    if (known?.provider.version === provider.version) return known;
    const same =
      known?.provider.protocol === provider.protocol &&
      isDeepStrictEqual(known.provider.connection, provider.connection);
    return new ConfiguredProvider(provider, same ? known.adapter : this.#adapter(provider));
  }

  #adapter(provider: Provider): CaAdapter {
    const configured = configureAdapter(this.#options.findProtocol, provider);
    if ("adapter" in configured) return configured.adapter;
    const reason = configured.faults
      .map(({ path: [section, ...member], description }) =>
        // What is wrong with the name of a protocol says so by itself.
        section === "protocol"
          ? description
          : `${[section, ...member].map(String).join(".")} ${description}`,
      )
      .join("; ");
    this.#options.onUnusable(provider.name, reason);
    return unusableAdapter(reason);
  }
}
