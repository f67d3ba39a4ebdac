import { DispatchLife, type DispatchOptions } from "./dispatch-life.js";
import type { ProviderDispatcher } from "./provider-dispatcher.js";

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

  async start(): Promise<void> {
    await this.#life.start();
    this.#watch(this.#life);
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

  async stop(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    await this.#restarting;
    await this.#life.stop(signal);
  }

  #watch(life: DispatchLife): void {
    void life.incarnation.fenced.then(() => {
      if (!this.#stopped) this.#restarting = this.#restart();
    });
  }

  async #restart(): Promise<void> {
    const { log, clock } = this.#options;
    log.error("this process was taken for dead and replaced; it starts again as a new incarnation");
    await this.#life.stop(AbortSignal.timeout(FENCED_STOP_MS));
    while (!this.#stopped) {
      this.#life = new DispatchLife(this.#options);
      try {
        await this.start();
        return;
      } catch (error) {
        log.error({ err: error }, "the new incarnation could not start; trying again");
        await this.#life.stop(AbortSignal.abort());
        await new Promise<void>((resolve) => {
          clock.setTimer(RESTART_MS, resolve);
        });
      }
    }
  }
}
