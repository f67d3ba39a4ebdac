import { KEY_BOUND } from "./request-key.js";

/** A key and the number of its request. */
export type KeyedNumber = readonly [key: number, number: number];

/**
 * Keys of requests with their numbers, in room that never grows and that the collector of garbage
 * need not look through: 1 MiB for 32,768, where a `Map` takes four, all of it promoted.
 *
 * A key's slot is its share of the range of keys, or the next free one. So the slots in their order
 * are nearly the keys in theirs, and nothing is sorted.
 */
export class RecentKeys {
  /** So many keys it is made for: searches grow longer beyond, and there is room for twice as many. */
  readonly full: number;
  readonly #keys: Float64Array;
  /** 0 in a free slot: numbers begin at 1. */
  readonly #numbers: Float64Array;
  #size = 0;

  constructor(full: number) {
    this.full = full;
    this.#keys = new Float64Array(2 * full);
    this.#numbers = new Float64Array(2 * full);
  }

  get size(): number {
    return this.#size;
  }

  add(key: number, number: number): void {
    const slots = this.#keys.length;
    if (this.#size === slots) throw new Error("more recent requests than there is room for");
    let slot = this.#slotOf(key);
    while (this.#numbers[slot] !== 0) slot = (slot + 1) % slots;
    this.#keys[slot] = key;
    this.#numbers[slot] = number;
    this.#size += 1;
  }

  /** Most often none, seldom more than one. */
  numbersOf(key: number): number[] {
    const found: number[] = [];
    const slots = this.#keys.length;
    let slot = this.#slotOf(key);
    for (let looked = 0; looked < slots; looked += 1) {
      const number = this.#numbers[slot] ?? 0;
      if (number === 0) break;
      if (this.#keys[slot] === key) found.push(number);
      slot = (slot + 1) % slots;
    }
    return found;
  }

  /** The next keys from a slot on, so many or all that are left, and the slot to go on from. */
  from(slot: number, count: number): { keys: KeyedNumber[]; next: number; last: boolean } {
    const keys: KeyedNumber[] = [];
    const slots = this.#keys.length;
    let next = slot;
    for (; next < slots && keys.length < count; next += 1) {
      const number = this.#numbers[next] ?? 0;
      if (number !== 0) keys.push([this.#keys[next] ?? 0, number]);
    }
    return { keys, next, last: next === slots };
  }

  #slotOf(key: number): number {
    return Math.floor((key / KEY_BOUND) * this.#keys.length);
  }
}
