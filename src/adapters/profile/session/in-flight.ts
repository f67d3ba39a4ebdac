import { ForgetfulMap } from "../../../memory/forgetful-map.js";
import type { CommandType } from "../../../requests/command.js";
import type { Value } from "../fields/value.js";
import type { Exchange } from "./exchange.js";

/**
 * The commands under way on a session by what their answers are known by, in the order in which they go out. All wait
 * equally long for their answer, so that order is also the order of their deadlines, and those not
 * given to the socket yet are the last. Bounded by the window, which its user keeps.
 */
export class InFlight {
  readonly #exchanges = new ForgetfulMap<Value, Exchange>();

  get size(): number {
    return this.#exchanges.size;
  }

  has(correlation: Value): boolean {
    return this.#exchanges.has(correlation);
  }

  /** What kind of command is known by this; undefined for none. */
  typeOf(correlation: Value): CommandType | undefined {
    return this.#exchanges.get(correlation)?.type;
  }

  add(exchange: Exchange): void {
    this.#exchanges.set(exchange.correlation, exchange);
  }

  /** True until the exchange is taken, by its answer or its deadline. */
  holds(exchange: Exchange): boolean {
    return this.#exchanges.get(exchange.correlation) === exchange;
  }

  /** Takes the exchange that an answer belongs to. */
  takeAnswered(correlation: Value): Exchange | undefined {
    const exchange = this.#exchanges.get(correlation);
    if (exchange === undefined) return undefined;
    // Nobody can answer what was never sent.
    if (exchange.givenAt === undefined && !exchange.sentBefore) return undefined;
    this.#exchanges.delete(correlation);
    return exchange;
  }

  /** When the bytes that wait longest for an answer were given to the socket. */
  oldestGivenAt(): number | undefined {
    for (const exchange of this.#exchanges.values()) return exchange.givenAt;
    return undefined;
  }

  /** Takes every exchange whose bytes were given at `moment` or before. */
  takeGivenUntil(moment: number): readonly Exchange[] {
    const taken: Exchange[] = [];
    for (const exchange of this.#exchanges.values()) {
      if (exchange.givenAt === undefined || exchange.givenAt > moment) break;
      taken.push(exchange);
      this.#exchanges.delete(exchange.correlation);
    }
    return taken;
  }

  /** Takes every exchange that was not given to the socket yet. */
  takeNotGiven(): readonly Exchange[] {
    const taken = [...this.#exchanges.values()].filter(({ givenAt }) => givenAt === undefined);
    for (const { correlation } of taken) this.#exchanges.delete(correlation);
    return taken;
  }

  /** Takes everything. */
  takeAll(): readonly Exchange[] {
    const taken = [...this.#exchanges.values()];
    this.#exchanges.clear();
    return taken;
  }
}
