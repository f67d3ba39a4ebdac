import { REGULAR_EVERY } from "../requests/priority.js";
import type { HeldHead } from "./held-head.js";

/**
 * Claimed heads that wait for room in a window. Urgent ones do not queue behind what was claimed
 * before them; but every tenth place goes to one that is not, as it does in claims, so that urgent
 * work never stops the rest.
 */
export class UnsentHeads {
  readonly #urgent: HeldHead[] = [];
  readonly #others: HeldHead[] = [];
  /** Heads taken so far. */
  #turn = 0;

  get size(): number {
    return this.#urgent.length + this.#others.length;
  }

  add(held: HeldHead): void {
    this.#queueOf(held).push(held);
  }

  /** Puts back one that was taken: it is the first of its kind again. */
  putBack(held: HeldHead): void {
    this.#queueOf(held).unshift(held);
  }

  take(): HeldHead | undefined {
    this.#turn += 1;
    return this.#turn % REGULAR_EVERY === 0
      ? (this.#others.shift() ?? this.#urgent.shift())
      : (this.#urgent.shift() ?? this.#others.shift());
  }

  takeAll(): HeldHead[] {
    return [...this.#urgent.splice(0), ...this.#others.splice(0)];
  }

  #queueOf({ head }: HeldHead): HeldHead[] {
    return head.urgent ? this.#urgent : this.#others;
  }
}
