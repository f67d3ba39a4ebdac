import type { Logger } from "pino";
import type { CaAdapter } from "../adapters/ca-adapter.js";
import type { Provider } from "../providers/provider.js";
import type { LiveSlot } from "../providers/provider-live-state.js";
import { type Clock, pause } from "../requests/clock.js";
import type { SessionSlot } from "../store/dispatch-store.js";
import type { HeldSlots } from "./held-slots.js";

/** What came of trying a connection. */
export interface TriedConnection {
  readonly outcome: "CONNECTED" | "FAILED" | "UNDECIDED";
  /** What happened, for people. */
  readonly description: string;
  /** How long it took. */
  readonly ms: number;
}

/** What is to be tried. */
export interface ConnectionTrial {
  /** Undefined: the settings are of no stored provider. */
  readonly provider: Provider | undefined;
  /** The settings are not those that the provider is sent to with. */
  readonly changed: boolean;
  readonly adapter: CaAdapter;
}

export interface ConnectionTestOptions {
  /** The session slots of this process. */
  readonly slots: () => HeldSlots;
  /** How the first so many slots of a provider stand, over all instances. */
  readonly liveSlots: (provider: string, connections: number) => Promise<readonly LiveSlot[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** A slot that was taken for a test is free again. */
  readonly onSlotFreed: () => void;
}

/** Lower than that of any session of ours: the epoch of a slot is 1 when it is first taken. */
const HARMLESS_EPOCH = 0;
/** How long after a session has opened its slot says so. */
const REPORTED_WITHIN_MS = 500;

/**
 * Tries to open a session, without harm to those that run. For one slot, a session with the same or
 * a higher epoch replaces the one before, so a test must not just open another:
 *
 *   a slot of the provider is free (it always is while the provider is not effective):
 *     it is taken, with the next epoch, like any session; so nobody else has it meanwhile
 *   every slot is held, and one is connected with these very settings:
 *     that is the answer; nothing is opened
 *   every slot is held, and the protocol tells slot and epoch:
 *     epoch 0, which a CA system refuses while a session stands, and which any session replaces:
 *     one that was down and comes back just then as well, which is then the answer
 *   every slot is held, and the protocol tells no epoch:
 *     nothing is opened, since nothing would keep it from replacing a session
 *   settings that belong to no stored provider: epoch 0 as well
 */
export class ConnectionTest {
  readonly #options: ConnectionTestOptions;

  constructor(options: ConnectionTestOptions) {
    this.#options = options;
  }

  /** Resolves within `ms`, a moment more for closing the connection, or when `signal` aborts. */
  async run(trial: ConnectionTrial, ms: number, signal: AbortSignal): Promise<TriedConnection> {
    const { provider, adapter } = trial;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.floor(ms)))]);
    const slots = this.#options.slots();
    const [own] = provider === undefined ? [] : await takeSlot(slots, provider, adapter);
    if (own === undefined) return this.#beside(trial, limit, ms);
    try {
      return await this.#try(adapter, own.slot, own.epoch, limit, ms);
    } finally {
      await this.#giveBack(slots, own);
    }
  }

  async #connected({ name }: Provider, { connections }: CaAdapter) {
    const slots = await this.#options.liveSlots(name, connections);
    return slots.find(({ state }) => state === "CONNECTED");
  }

  async #giveBack(slots: HeldSlots, own: SessionSlot): Promise<void> {
    const { log, onSlotFreed } = this.#options;
    try {
      await slots.release([own]);
      onSlotFreed();
    } catch (error) {
      const { provider, slot } = own;
      log.warn({ err: error, provider, slot }, "a slot taken for a test is given back later");
    }
  }

  /** A try beside the sessions that may run. */
  async #beside(
    { provider, changed, adapter }: ConnectionTrial,
    limit: AbortSignal,
    ms: number,
  ): Promise<TriedConnection> {
    // Nothing is dialled there, and the adapter says why.
    if (adapter.connections === 0) return this.#try(adapter, 0, HARMLESS_EPOCH, limit, ms);
    // The provider's own sessions tell of its own settings, and nothing of changed ones.
    const own = changed ? undefined : provider;
    const running = own && (await this.#connected(own, adapter));
    if (running !== undefined) {
      const description = `${sayConnected(running)} Nothing more was opened, since a second session might have taken its place.`;
      return { outcome: "CONNECTED", description, ms: 0 };
    }
    if (provider !== undefined && !adapter.tellsEpoch) {
      const description =
        "Nothing was tried: every session slot of the provider is held by a process that sends, and its protocol has nothing that would keep a second session from replacing the first. GetProvider shows how the sessions stand.";
      return { outcome: "UNDECIDED", description, ms: 0 };
    }
    const tried = await this.#try(adapter, 0, HARMLESS_EPOCH, limit, ms);
    if (provider === undefined || tried.outcome === "CONNECTED") return tried;
    if (!tried.refused) {
      const back = own && (await this.#comesBack(own, adapter, limit));
      if (back === undefined) return tried;
      const description = `${sayConnected(back)} It came back while another one was tried, and may have taken its place.`;
      return { outcome: "CONNECTED", description, ms: tried.ms };
    }
    const description = `${tried.description} Every session slot of the provider is held by a process that sends, so the session was asked for with epoch 0, which a CA system refuses while another one stands: the refusal may mean no more than that.`;
    return { ...tried, outcome: "UNDECIDED", description };
  }

  /** A session of the provider that has its place again: that is written a moment later. */
  async #comesBack(
    provider: Provider,
    adapter: CaAdapter,
    limit: AbortSignal,
  ): Promise<LiveSlot | undefined> {
    const slot = await this.#connected(provider, adapter);
    if (slot !== undefined) return slot;
    await pause(this.#options.clock, REPORTED_WITHIN_MS, limit);
    return this.#connected(provider, adapter);
  }

  async #try(
    adapter: CaAdapter,
    slot: number,
    epoch: number,
    limit: AbortSignal,
    limitMs: number,
  ): Promise<TriedConnection & { readonly refused: boolean }> {
    const { clock } = this.#options;
    const begin = clock.monotonic();
    const result = await adapter.test({ slot, epoch, clock, signal: limit });
    const ms = clock.monotonic() - begin;
    if (result.kind === "failed") {
      const gaveUp = limit.aborted ? ` It was given up after ${Math.round(limitMs)} ms.` : "";
      const description = `No session: ${result.text}.${gaveUp}`;
      return { outcome: "FAILED", description, ms, refused: result.refused === true };
    }
    const description = `As slot ${slot} with epoch ${epoch}, in ${Math.ceil(ms)} ms: ${result.text}. The session was closed again.`;
    return { outcome: "CONNECTED", description, ms, refused: false };
  }
}

function sayConnected({ slot, epoch, holderDescription, sinceDate }: LiveSlot): string {
  const since = new Date(sinceDate).toISOString();
  return `Session slot ${slot} has been connected with these settings since ${since}, with epoch ${epoch}, by ${holderDescription ?? "another process"}.`;
}

function takeSlot(slots: HeldSlots, { name, version }: Provider, { connections }: CaAdapter) {
  return slots.acquire(name, version, connections, 1);
}
