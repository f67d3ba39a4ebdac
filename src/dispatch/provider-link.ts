import type { Logger } from "pino";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { SessionSlot, SlotRate } from "../store/dispatch-store.js";
import type { HeldSlots } from "./held-slots.js";
import { ProviderDispatcher, type ProviderDispatcherOptions } from "./provider-dispatcher.js";
import { SessionKeeper } from "./session-keeper.js";

export type ProviderLinkOptions = Omit<
  ProviderDispatcherOptions,
  "provider" | "terms" | "serviceCode" | "log"
> & {
  readonly configured: ConfiguredProvider;
  readonly slots: HeldSlots;
  readonly log: Logger;
};

/** A slot that this process keeps connected, with the rate that was last written of it. */
interface Kept {
  readonly keeper: SessionKeeper;
  written: number | undefined;
}

/** One effective provider in this process: its dispatcher, and the session slots held for it. */
export class ProviderLink {
  readonly dispatcher: ProviderDispatcher;
  readonly #options: ProviderLinkOptions;
  readonly #log: Logger;
  readonly #kept: Kept[] = [];
  #configured: ConfiguredProvider;
  #measuredAt: number;
  #stopped = false;

  constructor(options: ProviderLinkOptions) {
    const { configured, clock } = options;
    this.#options = options;
    this.#configured = configured;
    this.#measuredAt = clock.monotonic();
    this.#log = options.log.child({ provider: configured.name });
    this.dispatcher = new ProviderDispatcher({
      ...options,
      provider: configured.name,
      terms: () => ({
        version: this.#configured.provider.version,
        limits: this.#configured.limits,
        share: this.#share,
      }),
      serviceCode: (caId) => this.#configured.serviceCode(caId),
      log: this.#log,
    });
  }

  get configured(): ConfiguredProvider {
    return this.#configured;
  }

  /** Session slots held. */
  get slots(): number {
    return this.#kept.length;
  }

  /** What its slots are of the provider's connections; some may be left from when there were more. */
  get #share(): number {
    return Math.min(1, this.slots / Math.max(1, this.#configured.adapter.connections));
  }

  /** It is being stopped, or was; it does not come back. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** True when the provider as it is now can be served by the sessions that there are. */
  carries(configured: ConfiguredProvider): boolean {
    return !this.#stopped && configured.adapter === this.#configured.adapter;
  }

  /** Takes on what holds for the provider from now on; its sessions live on. */
  adjust(configured: ConfiguredProvider): void {
    this.#configured = configured;
    this.dispatcher.wake();
  }

  /** Takes free slots, so many at most; how many it got. */
  async acquireSlots(limit: number): Promise<number> {
    if (limit <= 0 || this.#stopped) return 0;
    const { slots } = this.#options;
    const { name, adapter, provider } = this.#configured;
    const taken = await slots.acquire(name, provider.version, adapter.connections, limit);
    // Stopped meanwhile: its slots may have been given back before these were taken.
    if (this.#stopped) await slots.release(taken);
    else for (const slot of taken) this.#keep(slot);
    return taken.length;
  }

  /** Closes one session and gives its slot to whoever has fewer. */
  async yieldSlot(signal: AbortSignal): Promise<void> {
    const keeper = this.#kept.pop()?.keeper;
    if (keeper === undefined) return;
    await keeper.stop(signal);
    await this.#options.slots.release([keeper.slot]);
  }

  /** Gives back all slots of a link that has stopped. */
  releaseSlots(): Promise<void> {
    return this.#options.slots.release(this.#kept.map(({ keeper }) => keeper.slot));
  }

  /** Writes what its sessions are doing, where that could not be written when they began. */
  async reportAgain(): Promise<void> {
    await Promise.all(this.#kept.map(({ keeper }) => keeper.reportAgain()));
  }

  /** How many answers a second each session had since the last time, where that has changed. */
  measure(): SlotRate[] {
    const now = this.#options.clock.monotonic();
    const seconds = (now - this.#measuredAt) / 1000;
    this.#measuredAt = now;
    return this.#kept.flatMap((kept) => {
      const { session, slot } = kept.keeper;
      if (session === undefined || seconds <= 0) return [];
      const answersPerSecond = this.dispatcher.takeAnswered(session) / seconds;
      if (answersPerSecond === kept.written) return [];
      kept.written = answersPerSecond;
      return [{ slot, answersPerSecond }];
    });
  }

  #keep(slot: SessionSlot): void {
    const { incarnation, store, clock, random, maySend } = this.#options;
    const keeper = new SessionKeeper({
      incarnation,
      slot,
      adapter: this.#configured.adapter,
      store,
      clock,
      random,
      log: this.#log,
      maySend,
      onOpen: (session) => {
        kept.written = undefined;
        this.dispatcher.opened(session);
      },
      onDown: () => this.dispatcher.down(),
      onLateAnswer: (transaction, delivery) => {
        this.dispatcher.lateAnswer(transaction, delivery).catch((error: unknown) => {
          this.#log.warn({ err: error, transaction }, "a late answer could not be applied");
        });
      },
    });
    const kept: Kept = { keeper, written: undefined };
    this.#kept.push(kept);
    keeper.start();
  }

  /** Claims nothing more, waits for what is under way until `signal` aborts, closes the sessions. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    const empty = this.dispatcher.stop();
    await Promise.all(this.#kept.map(({ keeper }) => keeper.stop(signal)));
    await empty;
  }
}
