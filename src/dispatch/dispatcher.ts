import type { ClaimRun } from "../store/dispatch-store.js";
import { DispatchLife, type DispatchOptions } from "./dispatch-life.js";
import type { HeldSlots } from "./held-slots.js";
import type { ProviderDispatcher } from "./provider-dispatcher.js";
import type { DispatchNotice } from "./wake-up/wake-up.js";

/** How long a fenced life may take to let go of its sessions: nothing it does counts any more. */
const FENCED_STOP_MS = 1000;
const RESTART_MS = 1000;

/**
 * The dispatcher of this process. It lives as one incarnation at a time; when that was fenced
 * (another process took over while this one was frozen or cut off), it starts again as a new one.
 */
export class Dispatcher {
  readonly #options: DispatchOptions;
  #life: DispatchLife;
  #stopped = false;
  #restarting: Promise<void> | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#life = new DispatchLife(options);
  }

  get incarnation(): string {
    return this.#life.incarnation.id;
  }

  /** The session slots of this process. */
  get slots(): HeldSlots {
    return this.#life.slots;
  }

  async start(): Promise<void> {
    await this.#life.start();
    this.#watch(this.#life);
  }

  /** There is work for a provider: here, and in the other instances if there are any. */
  work(provider: string): void {
    this.#life.work(provider);
  }

  /** There will be work for a provider in so many milliseconds: here, and in the others. */
  workIn(provider: string, ms: number): void {
    this.#life.workIn(provider, ms);
  }

  /** A run has begun here that the other instances take part in. */
  announceRun(run: ClaimRun): void {
    if (this.#life.others > 0) this.#options.wakeUp.tell({ kind: "run", run });
  }

  /** Immediate requests have ended here, though not by this dispatcher: calls elsewhere may wait. */
  announceEnded(numbers: readonly number[]): void {
    if (this.#life.others > 0) this.#options.wakeUp.tell({ kind: "ended", numbers });
  }

  /** Providers were changed: in a moment this process acts on it, and so do the others. */
  providersChanged(): void {
    this.#life.followNow();
    if (this.#life.others > 0) this.#options.wakeUp.tell({ kind: "providers" });
  }

  /** Slots were given back: here and elsewhere they may be taken. */
  slotsFreed(): void {
    this.#life.hurry();
    if (this.#life.others > 0) this.#options.wakeUp.tell({ kind: "slots" });
  }

  /** Run definitions were changed: the other instances are to read them again. */
  announceRunDefinitions(): void {
    if (this.#life.others > 0) this.#options.wakeUp.tell({ kind: "run_definitions" });
  }

  /** Acts on what another instance told. */
  hear(notice: DispatchNotice): void {
    switch (notice.kind) {
      case "work":
        this.of(notice.provider)?.wake();
        return;
      case "slots":
        this.#life.hurry();
        return;
      case "providers":
        this.#life.followNow();
        return;
      case "missed":
        this.#life.followNow();
        this.#life.hurry();
        return;
      case "ended":
        for (const number of notice.numbers) this.#options.settlements.finished(number);
        return;
    }
  }

  /** The dispatcher of an effective provider. */
  of(provider: string): ProviderDispatcher | undefined {
    return this.#life.dispatcher(provider);
  }

  all(): ProviderDispatcher[] {
    return this.#life.dispatchers();
  }

  /** Wakes the connected dispatchers of the providers that are meant; their names. */
  wakeConnected(meant: (provider: string) => boolean): string[] {
    const connected = this.all().filter((one) => meant(one.provider) && one.connected);
    for (const one of connected) one.wake();
    return connected.map(({ provider }) => provider);
  }

  /** Claims no more; answers under way are awaited until `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    await this.#restarting;
    await this.#life.drain(signal);
  }

  /** Lets other processes take over at once; after `drain`, and after runs have been ended. */
  signOff(): Promise<void> {
    return this.#life.signOff();
  }

  #watch(life: DispatchLife): void {
    void life.incarnation.fenced.then(() => {
      if (!this.#stopped) this.#restarting = this.#restart();
    });
  }

  async #restart(): Promise<void> {
    const { log, clock } = this.#options;
    log.error("this process was taken for dead and replaced; it starts again as a new incarnation");
    await this.#life.drain(AbortSignal.timeout(FENCED_STOP_MS));
    await this.#life.signOff();
    while (!this.#stopped) {
      this.#life = new DispatchLife(this.#options);
      try {
        await this.start();
        return;
      } catch (error) {
        log.error({ err: error }, "the new incarnation could not start; trying again");
        await this.#life.drain(AbortSignal.abort());
        await this.#life.signOff();
        await new Promise<void>((resolve) => {
          clock.setTimer(RESTART_MS, resolve);
        });
      }
    }
  }
}
