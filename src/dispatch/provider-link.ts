import type { Logger } from "pino";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { SessionSlot } from "../store/dispatch-store.js";
import { ProviderDispatcher, type ProviderDispatcherOptions } from "./provider-dispatcher.js";
import { SessionKeeper } from "./session-keeper.js";

export type ProviderLinkOptions = Omit<
  ProviderDispatcherOptions,
  "provider" | "maxInFlight" | "pace" | "verdicts" | "serviceCode" | "log"
> & {
  readonly configured: ConfiguredProvider;
  readonly backoff: ProviderDispatcherOptions["verdicts"]["backoff"];
  readonly log: Logger;
};

/** One effective provider in this process: its dispatcher, and the session slots held for it. */
export class ProviderLink {
  readonly dispatcher: ProviderDispatcher;
  readonly configured: ConfiguredProvider;
  readonly #options: ProviderLinkOptions;
  readonly #log: Logger;
  readonly #keepers: SessionKeeper[] = [];
  #stopped = false;

  constructor(options: ProviderLinkOptions) {
    const { configured, backoff } = options;
    this.#options = options;
    this.configured = configured;
    this.#log = options.log.child({ provider: configured.name });
    const { ratePerSecond, burst } = configured.limits;
    this.dispatcher = new ProviderDispatcher({
      ...options,
      provider: configured.name,
      maxInFlight: configured.limits.maxInFlight,
      pace: ratePerSecond === undefined ? undefined : { ratePerSecond, burst },
      serviceCode: (caId) => configured.serviceCode(caId),
      verdicts: { backoff, maxAttempts: configured.limits.maxAttempts },
      log: this.#log,
    });
  }

  /** Session slots held. */
  get slots(): number {
    return this.#keepers.length;
  }

  /** Takes free slots, so many at most; how many it got. */
  async acquireSlots(limit: number): Promise<number> {
    if (limit <= 0) return 0;
    const { store, incarnation } = this.#options;
    const { name, adapter } = this.configured;
    const slots = await store.acquireSlots(incarnation, name, adapter.connections, limit);
    for (const slot of slots) if (!this.#stopped) this.#keep(slot);
    return slots.length;
  }

  /** Closes one session and gives its slot to whoever has fewer. */
  async yieldSlot(signal: AbortSignal): Promise<void> {
    const keeper = this.#keepers.pop();
    if (keeper === undefined) return;
    await keeper.stop(signal);
    const { store, incarnation } = this.#options;
    await store.releaseSlots(incarnation, this.configured.name, keeper.slot);
  }

  #keep(slot: SessionSlot): void {
    const { incarnation, store, clock, random } = this.#options;
    const keeper = new SessionKeeper({
      incarnation,
      slot,
      adapter: this.configured.adapter,
      store,
      clock,
      random,
      log: this.#log,
      onOpen: (session) => this.dispatcher.opened(session),
      onDown: () => this.dispatcher.down(),
      onLateAnswer: (transaction, delivery) => {
        this.dispatcher.lateAnswer(transaction, delivery).catch((error: unknown) => {
          this.#log.warn({ err: error, transaction }, "a late answer could not be applied");
        });
      },
    });
    this.#keepers.push(keeper);
    keeper.start();
  }

  /** Claims nothing more, waits for what is under way until `signal` aborts, closes the sessions. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    const empty = this.dispatcher.stop();
    await Promise.all(this.#keepers.map((keeper) => keeper.stop(signal)));
    await empty;
  }
}
