import type { Logger } from "pino";
import type { CancelTimer, Clock } from "../requests/clock.js";
import type { AccountStore } from "../store/account-store.js";

const EVERY_MS = 10 * 60 * 1000;
/** Tokens that one transaction removes: it holds up writers for some milliseconds. */
const BATCH = 500;

export interface TokenSweepOptions {
  readonly store: Pick<AccountStore, "removeExpiredTokens">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Removes expired tokens from the store, now and then. They are refused without that, too. */
export class TokenSweep {
  readonly #options: TokenSweepOptions;
  #cancelTimer: CancelTimer | undefined;
  #sweeping: Promise<void> | undefined;
  #stopped = false;

  constructor(options: TokenSweepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (this.#stopped) return;
      this.#cancelTimer = this.#options.clock.setTimer(EVERY_MS, () => this.start());
    });
  }

  /** Resolves when nothing is being removed any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { store, logger } = this.#options;
    try {
      while (!this.#stopped && (await store.removeExpiredTokens(BATCH)) === BATCH);
    } catch (err) {
      logger.warn({ err }, "expired tokens could not be removed; it will be tried again");
    }
  }
}
