import type { Logger } from "pino";
import type { CancelTimer, Clock } from "../requests/clock.js";
import type { DispatchStore } from "../store/dispatch-store.js";

export interface LeaseSettings {
  /** How long the others wait for a silent process before they take over. Milliseconds. */
  readonly leaseMs: number;
  /** How often the lease is prolonged. Milliseconds. */
  readonly heartbeatMs: number;
}

/**
 * One life of this process as the others see it: a row with a lease, prolonged by one heartbeat.
 *
 *   alive ──heartbeat──▶ alive
 *   alive ──lease less heartbeat since the start of the last good heartbeat──▶ silent
 *   silent ──good heartbeat──▶ alive, and told, since claims were left out meanwhile
 *   alive, silent ──heartbeat finds the row fenced or gone──▶ fenced, for good
 *
 * Only an alive one may send: a process that was frozen finds itself silent when it wakes, before
 * it has asked anybody. Time is taken from before the heartbeat was sent, by the larger of the
 * monotonic and the wall clock, since either may stand still while a machine sleeps.
 */
export class Incarnation {
  readonly id: string;
  readonly #store: DispatchStore;
  readonly #clock: Clock;
  readonly #settings: LeaseSettings;
  readonly #log: Logger;
  #lastBeat = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  #cancelTimer: CancelTimer | undefined;
  #beating: Promise<void> | undefined;
  #stopped = false;
  #fence: () => void = () => undefined;
  /** Called when a silent incarnation is alive again. */
  onRecovered: () => void = () => undefined;

  /** Resolves when this incarnation was fenced: another process has taken over. */
  readonly fenced: Promise<void>;

  constructor(
    id: string,
    store: DispatchStore,
    clock: Clock,
    settings: LeaseSettings,
    log: Logger,
  ) {
    this.id = id;
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
    this.#log = log;
    this.fenced = new Promise((resolve) => {
      this.#fence = resolve;
    });
  }

  async start(description: string): Promise<void> {
    const beat = this.#time();
    await this.#store.register(this.id, description, this.#settings.leaseMs);
    this.#lastBeat = beat;
    this.#arm();
  }

  /** True while nobody can have taken over. */
  maySend(): boolean {
    const now = this.#time();
    const silence = Math.max(
      now.monotonic - this.#lastBeat.monotonic,
      now.wall - this.#lastBeat.wall,
    );
    return !this.#stopped && silence < this.#settings.leaseMs - this.#settings.heartbeatMs;
  }

  /** Ends the heartbeats; the row stays for `deregister`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#beating;
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#clock.setTimer(this.#settings.heartbeatMs, () => {
      this.#beating = this.#beat().then(() => this.#arm());
    });
  }

  async #beat(): Promise<void> {
    const time = this.#time();
    try {
      if (await this.#store.heartbeat(this.id, this.#settings.leaseMs)) {
        const wasSilent = !this.maySend();
        this.#lastBeat = time;
        if (wasSilent) this.onRecovered();
      } else if (!this.#stopped) {
        this.#stopped = true;
        this.#fence();
      }
    } catch (error) {
      this.#log.warn({ err: error }, "the lease could not be prolonged; trying again");
    }
  }

  #time(): { monotonic: number; wall: number } {
    return { monotonic: this.#clock.monotonic(), wall: this.#clock.now() };
  }
}
