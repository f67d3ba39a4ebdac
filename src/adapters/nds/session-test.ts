import type { Clock } from "../../requests/clock.js";
import type { ConnectionSettings } from "./connection-settings.js";
import { encodeMessage } from "./encode-message.js";
import type { Link } from "./link.js";
import { Watchdog } from "./watchdog.js";

/**
 * Asks the CA system for a sign of life with SESSION_TEST: by itself when nothing was received for
 * the keep-alive time, and when told. One at a time: while one is *pending*, its answer settles
 * what another would ask. No SESSION_STATUS within the response timeout breaks the link.
 */
export class SessionTest {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #answer: Watchdog;
  readonly #keepAlive: Watchdog;
  #lastTransaction: number;
  #sentAt: number | undefined;

  /** `lastTransaction` is the SESSION_* number that the connection used last. */
  constructor(link: Link, clock: Clock, settings: ConnectionSettings, lastTransaction: number) {
    const { responseTimeoutMs, keepAliveMs } = settings;
    this.#link = link;
    this.#clock = clock;
    this.#lastTransaction = lastTransaction;
    this.#answer = new Watchdog(
      clock,
      () => (this.#sentAt === undefined ? undefined : this.#sentAt + responseTimeoutMs),
      () => link.fail(`no SESSION_STATUS within ${responseTimeoutMs} ms`),
    );
    this.#keepAlive = new Watchdog(
      clock,
      () => (this.#sentAt === undefined ? link.lastHeardAt + keepAliveMs : undefined),
      () => this.send(),
    );
    this.#keepAlive.watch();
  }

  /** Sends a SESSION_TEST unless one is pending. Past the outbox: it is what finds it stuck. */
  send(): void {
    if (this.#sentAt !== undefined) return;
    this.#sentAt = this.#clock.monotonic();
    this.#link.write(this.#frame("SESSION_TEST"));
    this.#answer.watch();
  }

  /** True while a SESSION_TEST of that number is pending. */
  pending(transaction: number): boolean {
    return this.#sentAt !== undefined && transaction === this.#lastTransaction;
  }

  /** Takes a SESSION_STATUS; false when it answers nothing. */
  passed(transaction: number): boolean {
    if (!this.pending(transaction)) return false;
    this.#sentAt = undefined;
    this.#keepAlive.watch();
    return true;
  }

  /** Stops testing. */
  stop(): void {
    this.#answer.stop();
    this.#keepAlive.stop();
  }

  /** The frame that says good-bye, with the next number of the same counter. */
  closeFrame(): Buffer {
    return this.#frame("SESSION_CLOSE");
  }

  #frame(name: "SESSION_TEST" | "SESSION_CLOSE"): Buffer {
    this.#lastTransaction += 1;
    return encodeMessage({ name, parameters: [["transaction", this.#lastTransaction]] });
  }
}
