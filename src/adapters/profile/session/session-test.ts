import type { Clock } from "../../../requests/clock.js";
import type { Value } from "../fields/value.js";
import type { Received } from "../message/received.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { Link } from "./link.js";
import { Watchdog } from "./watchdog.js";

export interface SessionTestOptions {
  readonly keepAlive: NonNullable<StreamProtocol["keepAlive"]>;
  /** Writes a test with a number of its own, or tells why it cannot be. */
  readonly write: () =>
    | { readonly frame: Buffer; readonly correlation: Value }
    | { readonly fault: string };
  readonly responseTimeoutMs: number;
  readonly keepAliveMs: number;
}

/**
 * Asks the CA system for a sign of life with the profile's keep-alive message: by itself when
 * nothing was received for the keep-alive time, and when told. One at a time: while one is
 * *pending*, its answer settles what another would ask. No answer within the response timeout
 * breaks the link, and so does a test that cannot be written.
 */
export class SessionTest {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: SessionTestOptions;
  readonly #answer: Watchdog;
  readonly #keepAlive: Watchdog;
  #correlation: Value | undefined;
  #sentAt: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(link: Link, clock: Clock, options: SessionTestOptions) {
    const { responseTimeoutMs, keepAliveMs, keepAlive } = options;
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#answer = new Watchdog(
      clock,
      () => (this.#sentAt === undefined ? undefined : this.#sentAt + responseTimeoutMs),
      () => link.fail(`no ${keepAlive.answer.name} within ${responseTimeoutMs} ms`),
    );
    this.#keepAlive = new Watchdog(
      clock,
      () => (this.#sentAt === undefined ? link.lastHeardAt + keepAliveMs : undefined),
      () => this.send(),
    );
    this.#keepAlive.watch();
  }

  /** Sends a test unless one is pending. Past the outbox: it is what finds it stuck. */
  send(): void {
    if (this.#sentAt !== undefined) return;
    const written = this.#options.write();
    if ("fault" in written) {
      this.#link.fail(written.fault);
      return;
    }
    this.#sentAt = this.#clock.monotonic();
    this.#correlation = written.correlation;
    this.#link.write(written.frame);
    this.#answer.watch();
  }

  /** Sends a test unless one is pending; resolves when the pending one is answered. */
  ask(): Promise<void> {
    this.send();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** True while a test of that number is pending. */
  pending(correlation: Value): boolean {
    return this.#sentAt !== undefined && correlation === this.#correlation;
  }

  /** True for a message of the kind that answers tests. */
  isAnswer({ layout }: Received): boolean {
    return layout === this.#options.keepAlive.answer;
  }

  /** Takes such a message; false when it answers nothing. */
  passed(correlation: Value): boolean {
    if (!this.pending(correlation)) return false;
    this.#sentAt = undefined;
    this.#keepAlive.watch();
    for (const tell of this.#waiting.splice(0)) tell();
    return true;
  }

  /** Stops testing. */
  stop(): void {
    this.#answer.stop();
    this.#keepAlive.stop();
  }
}
