import type { Logger } from "pino";
import type { CaAdapter, CaSession, ConnectOptions } from "../adapters/ca-adapter.js";
import { type Clock, pause } from "../requests/clock.js";
import type { DispatchStore, SessionSlot, SlotState } from "../store/dispatch-store.js";

/** Wait before the second attempt to connect at most; doubles with each further one. */
const RECONNECT_BASE_MS = 100;
const RECONNECT_MAX_MS = 30_000;
/**
 * A session that ends sooner has failed like one that never was: a CA system over HTTP takes every
 * connection, and turns the first command away.
 */
const PROVEN_MS = 1_000;

export interface SessionKeeperOptions {
  readonly incarnation: string;
  readonly slot: SessionSlot;
  readonly adapter: CaAdapter;
  readonly store: DispatchStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** The session may be used from now on. */
  readonly onOpen: (session: CaSession) => void;
  /** The session that was given to `onOpen` has ended, or one could not be had: why. */
  readonly onDown: (error: string) => void;
  readonly onLateAnswer: ConnectOptions["onLateAnswer"];
  /** The lease stands: nobody can have taken over. */
  readonly maySend: ConnectOptions["maySend"];
}

/**
 * Keeps one session slot connected, as long as it runs:
 *
 *   connecting ──set up──▶ open ──ended──▶ waiting ──time──▶ connecting
 *   connecting ──unavailable──▶ waiting
 *   any ──stop──▶ stopped
 *
 * The wait has full jitter and grows from 100 ms to 30 s with each attempt that fails. This is the
 * provider's circuit: while no slot is open nothing is claimed, and the probe is session set-up,
 * never a command.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #abort = new AbortController();
  #session: CaSession | undefined;
  #failures = 0;
  /** Why the last attempt failed; undefined since a session was open. */
  #trouble: string | undefined;
  #running: Promise<void> | undefined;
  /** What the slot's row does not say yet. */
  #unreported: { readonly state: SlotState; readonly error: string | undefined } | undefined;
  #reporting: Promise<void> = Promise.resolve();

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  get slot(): SessionSlot {
    return this.#options.slot;
  }

  /** The session, while one is set up or open. */
  get session(): CaSession | undefined {
    return this.#session;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends the session: answers under way are awaited until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#abort.abort();
    await this.#session?.close(signal);
    await this.#running;
  }

  /** Writes what the session is doing, if the slot's row does not say it yet. */
  reportAgain(): Promise<void> {
    // One after the other: what was true first must not be written last.
    this.#reporting = this.#reporting.then(() => this.#writeReport());
    return this.#reporting;
  }

  async #writeReport(): Promise<void> {
    const report = this.#unreported;
    if (report === undefined) return;
    const { store, incarnation, slot, log } = this.#options;
    try {
      await store.reportSlot(incarnation, slot, report.state, report.error);
      if (this.#unreported === report) this.#unreported = undefined;
    } catch (cause) {
      log.warn({ err: cause, slot: slot.slot }, "the slot's state could not be written");
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const error = await this.#once(signal);
      if (signal.aborted) return;
      this.#failures += 1;
      this.#options.onDown(error);
      await this.#report("CLOSED", error);
      const cap = Math.min(RECONNECT_MAX_MS, RECONNECT_BASE_MS * 2 ** Math.min(this.#failures, 20));
      await pause(this.#options.clock, this.#options.random() * cap, signal);
    }
  }

  /** One session from set-up to end; resolves with why it ended or never was. */
  async #once(signal: AbortSignal): Promise<string> {
    const { adapter, slot, clock, store, log, onLateAnswer, maySend } = this.#options;
    const result = await adapter
      .connect({ slot: slot.slot, epoch: slot.epoch, clock, signal, maySend, onLateAnswer })
      .catch((error: unknown) => {
        // It has broken its promise; that is no reason to take the others down.
        log.error({ err: error, slot: slot.slot }, "the adapter failed");
        return { kind: "unavailable", text: `the adapter failed: ${String(error)}` } as const;
      });
    if (result.kind === "unavailable") {
      // One line for each kind of trouble, not for each attempt; the slot's row shows the latest.
      if (this.#trouble !== result.text) {
        log.warn({ slot: slot.slot, error: result.text }, "no session");
      }
      this.#trouble = result.text;
      return result.text;
    }
    const { session } = result;
    this.#session = session;
    try {
      // Before the first command: no number may be used that the CA system still remembers.
      await store.raiseSequence(slot.provider, session.lastTransaction);
    } catch (error) {
      await session.close(AbortSignal.abort());
      this.#session = undefined;
      return `the database failed while the session was set up: ${String(error)}`;
    }
    if (signal.aborted) return "stopping";
    this.#trouble = undefined;
    const openedAt = clock.monotonic();
    await this.#report("OPEN", undefined);
    log.info({ slot: slot.slot, epoch: slot.epoch }, "session open");
    this.#options.onOpen(session);
    const reason = await session.closed;
    this.#session = undefined;
    if (clock.monotonic() - openedAt >= PROVEN_MS) this.#failures = 0;
    if (!signal.aborted) log.warn({ slot: slot.slot, error: reason }, "session ended");
    return reason;
  }

  #report(state: SlotState, error: string | undefined): Promise<void> {
    this.#unreported = { state, error };
    return this.reportAgain();
  }
}
