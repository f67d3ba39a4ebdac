import type { Logger } from "pino";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { ProviderDispatcher } from "./provider-dispatcher.js";
import type { ProviderLink } from "./provider-link.js";

export interface ProviderLinksOptions {
  /** Links a provider; it holds no slot yet. */
  readonly link: (configured: ConfiguredProvider) => ProviderLink;
  /** How long answers under way are awaited when the sessions of a provider must go. Milliseconds. */
  readonly patienceMs: number;
  readonly log: Logger;
  /** Slots may be taken: a provider was linked, or slots were given back. */
  readonly onSlots: () => void;
}

/**
 * The effective providers in this process, kept at what they are configured to be:
 *
 *   none ──effective──▶ linked
 *   linked ──changed, same protocol and connection──▶ linked, on the new terms
 *   linked ──another protocol or connection, or no longer effective──▶ leaving
 *   leaving ──answers there or given up, slots given back──▶ none, and on from there
 *
 * A leaving link claims nothing, has given back what it had not sent, and waits for the answers to
 * what it had. Only then may the provider be linked anew: so no request is under way on sessions
 * of old and of new settings in one process. Leaving holds up no other provider.
 */
export class ProviderLinks {
  readonly #options: ProviderLinksOptions;
  readonly #links = new Map<string, ProviderLink>();
  readonly #leaving = new Map<string, Promise<void>>();
  #wanted: ReadonlyMap<string, ConfiguredProvider> = new Map();
  #stopped = false;

  constructor(options: ProviderLinksOptions) {
    this.#options = options;
  }

  dispatcher(provider: string): ProviderDispatcher | undefined {
    return this.#links.get(provider)?.dispatcher;
  }

  dispatchers(): ProviderDispatcher[] {
    return [...this.#links.values()].map((link) => link.dispatcher);
  }

  /** The links that stay, for now. */
  standing(): ProviderLink[] {
    return [...this.#links.values()].filter((link) => !link.stopped);
  }

  /** The effective providers as they are configured, linked by now or not. */
  wanted(): ConfiguredProvider[] {
    return [...this.#wanted.values()];
  }

  /** Takes note of the providers as they are now. Called again with each change, and in between. */
  follow(providers: readonly ConfiguredProvider[]): void {
    this.#wanted = new Map(
      providers.filter((one) => one.isEffective).map((one) => [one.name, one] as const),
    );
    this.#approach();
  }

  /** Ends every link; answers under way are awaited until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#links.values()].map((link) => link.stop(signal)));
    await Promise.all(this.#leaving.values());
  }

  #approach(): void {
    if (this.#stopped) return;
    for (const [name, link] of this.#links) {
      const wanted = this.#wanted.get(name);
      if (wanted === undefined || !link.carries(wanted)) this.#leave(name, link);
      else if (wanted !== link.configured) link.adjust(wanted);
    }
    let linked = false;
    for (const [name, configured] of this.#wanted) {
      if (this.#links.has(name)) continue;
      this.#links.set(name, this.#options.link(configured));
      linked = true;
    }
    if (linked) this.#options.onSlots();
  }

  #leave(name: string, link: ProviderLink): void {
    if (this.#leaving.has(name)) return;
    const { patienceMs, log, onSlots } = this.#options;
    const left = (async () => {
      try {
        await link.stop(AbortSignal.timeout(patienceMs));
        await link.dispatcher.freeStrays();
        await link.releaseSlots();
        this.#links.delete(name);
      } catch (error) {
        // It stays as it is, stopped; the next look at the providers tries again.
        log.warn({ err: error, provider: name }, "a changed provider could not be let go of");
        return;
      } finally {
        this.#leaving.delete(name);
      }
      onSlots();
      this.#approach();
    })();
    this.#leaving.set(name, left);
  }
}
