import type { CancelTimer, Clock } from "../../../requests/clock.js";
import type { Exchange } from "./exchange.js";
import type { Link } from "./link.js";

/**
 * Commands on their way to the socket. What is put in during one turn of the event loop goes out
 * in one write; while the socket has as much as it wants, the rest waits here, where nothing of it
 * has left this process. With a least gap between commands they go one by one. Bounded by the
 * window.
 */
export class Outbox {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #minGapMs: number;
  readonly #take: (exchange: Exchange) => boolean;
  #waiting: Exchange[] = [];
  #turn: NodeJS.Immediate | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #cancelGap: CancelTimer | undefined;

  /** `take` is asked right before an exchange's bytes are given; false drops it. */
  constructor(link: Link, clock: Clock, minGapMs: number, take: (exchange: Exchange) => boolean) {
    this.#link = link;
    this.#clock = clock;
    this.#minGapMs = minGapMs;
    this.#take = take;
  }

  put(exchange: Exchange): void {
    this.#waiting.push(exchange);
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.flush();
    });
  }

  /** Gives the socket what it wants; called again when it wants more. */
  flush(): void {
    if (this.#minGapMs > 0) {
      this.#flushPaced();
      return;
    }
    if (this.#waiting.length === 0 || !this.#link.wantsMore) return;
    let given = 0;
    this.#link.batch(() => {
      for (const exchange of this.#waiting) {
        given += 1;
        if (this.#take(exchange) && !this.#link.write(exchange.frame)) break;
      }
    });
    this.#waiting = this.#waiting.slice(given);
  }

  /** Drops everything. */
  clear(): void {
    this.#waiting = [];
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#cancelGap?.();
    this.#cancelGap = undefined;
  }

  #flushPaced(): void {
    while (this.#waiting.length > 0 && this.#link.wantsMore && this.#cancelGap === undefined) {
      const now = this.#clock.monotonic();
      if (now < this.#notBefore) {
        this.#cancelGap = this.#clock.setTimer(this.#notBefore - now, () => {
          this.#cancelGap = undefined;
          this.#flushPaced();
        });
        return;
      }
      const exchange = this.#waiting.shift();
      if (exchange === undefined || !this.#take(exchange)) continue;
      this.#notBefore = now + this.#minGapMs;
      this.#link.write(exchange.frame);
    }
  }
}
