import type { Logger } from "pino";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { Backoff } from "../requests/backoff.js";
import type { Clock } from "../requests/clock.js";
import type { DispatchStore } from "../store/dispatch-store.js";
import { Incarnation, type LeaseSettings } from "./incarnation.js";
import type { ProviderDispatcher } from "./provider-dispatcher.js";
import { ProviderLink } from "./provider-link.js";
import { Repeat } from "./repeat.js";
import { ResultWriter } from "./result-writer.js";
import type { RunDesk } from "./run-desk.js";
import type { Settlements } from "./settlements.js";

/** Requests that one sweep expires at most; what is left is a second late. */
const EXPIRED_AT_ONCE = 500;
const EXPIRE_EVERY_MS = 1000;

export interface DispatchOptions {
  readonly store: DispatchStore;
  readonly runs: RunDesk;
  readonly settlements: Settlements;
  /** The providers as they are now; reads them again. */
  readonly providers: () => Promise<readonly ConfiguredProvider[]>;
  readonly lease: LeaseSettings;
  readonly backoff: Backoff;
  readonly unseal: (sealedPin: string) => string;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * The dispatcher's work in one incarnation: from its registration until it stops or is fenced.
 * What it does when others die, and when providers change, happens in its sweeps.
 */
export class DispatchLife {
  readonly incarnation: Incarnation;
  readonly #options: DispatchOptions;
  readonly #results: ResultWriter;
  readonly #links = new Map<string, ProviderLink>();
  readonly #sweeps: readonly Repeat[];

  constructor(options: DispatchOptions) {
    const { store, clock, lease, newId, log } = options;
    this.#options = options;
    this.incarnation = new Incarnation(newId(), store, clock, lease, log);
    this.#results = new ResultWriter(this.incarnation.id, store, clock, log);
    this.#sweeps = [
      new Repeat(lease.heartbeatMs, () => this.#sync(), clock, log),
      new Repeat(EXPIRE_EVERY_MS, () => this.#expire(), clock, log),
    ];
  }

  async start(): Promise<void> {
    await this.incarnation.start(`process ${process.pid}`);
    await this.#sync();
    for (const sweep of this.#sweeps) sweep.start();
  }

  dispatcher(provider: string): ProviderDispatcher | undefined {
    return this.#links.get(provider)?.dispatcher;
  }

  dispatchers(): ProviderDispatcher[] {
    return [...this.#links.values()].map((link) => link.dispatcher);
  }

  /** Gives everything back; answers under way are awaited until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#sweeps.map((sweep) => sweep.stop()));
    const abandon = () => this.#results.abandon();
    signal.addEventListener("abort", abandon, { once: true });
    if (signal.aborted) abandon();
    await Promise.all([...this.#links.values()].map((link) => link.stop(signal)));
    await this.#results.idle();
    signal.removeEventListener("abort", abandon);
    await this.incarnation.stop();
    try {
      await this.#options.store.deregister(this.incarnation.id);
    } catch (error) {
      // Whoever starts next frees what is left, by the lease.
      this.#options.log.warn({ err: error }, "this process could not be signed off");
    }
  }

  /** Takes over from processes that are gone; starts and stops providers as they have changed. */
  async #sync(): Promise<void> {
    const { store, log } = this.#options;
    const { incarnations, lanes } = await store.takeOver(this.incarnation.id);
    if (incarnations.length > 0) log.info({ incarnations, lanes }, "took over from gone processes");
    const effective = new Map<string, ConfiguredProvider>();
    for (const provider of await this.#options.providers()) {
      if (provider.isEffective) effective.set(provider.name, provider);
    }
    for (const [name, link] of this.#links) {
      if (effective.get(name) === link.configured) continue;
      this.#links.delete(name);
      await link.stop(AbortSignal.timeout(this.#options.lease.heartbeatMs));
    }
    for (const configured of effective.values()) {
      const link = this.#links.get(configured.name) ?? this.#link(configured);
      await link.acquireSlots();
    }
    // Lanes that were freed, or that a lost notification left behind, are looked for here.
    for (const dispatcher of this.dispatchers()) dispatcher.wake();
  }

  #link(configured: ConfiguredProvider): ProviderLink {
    const link = new ProviderLink({
      ...this.#options,
      configured,
      incarnation: this.incarnation.id,
      maySend: () => this.incarnation.maySend(),
      results: this.#results,
    });
    this.#links.set(configured.name, link);
    return link;
  }

  async #expire(): Promise<void> {
    const expired = await this.#options.store.expire(EXPIRED_AT_ONCE);
    for (const number of expired) this.#options.settlements.finished(number);
    // What waited behind them may be ready now.
    if (expired.length > 0) for (const dispatcher of this.dispatchers()) dispatcher.wake();
  }
}
