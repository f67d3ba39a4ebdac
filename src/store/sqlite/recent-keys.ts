import { KEY_BOUND } from "./request-key.js";

/** A key and the number of its request. */
export type KeyedNumber = readonly [key: number, number: number];

/**
 * Keys of requests with their numbers, in room that never grows and that the collector of garbage
 * need not look through: 1 MiB for 32,768 requests, where a `Map` takes four, all of it promoted.
 *
 * A key's slot is its share of the range of keys, or the next free one. So the slots in their order
 * are nearly the keys in theirs, and nothing is sorted.
 */
export class RecentKeys {
  readonly #keys: Float64Array;
  /** 0 in a free slot: numbers begin at 1. */
  readonly #numbers: Float64Array;
  #size = 0;

  /** Searches grow long when more than half of the slots are taken. */
  constructor(slots: number) {
    this.#keys = new Float64Array(slots);
    this.#numbers = new Float64Array(slots);
  }

  /** How many more there is a slot for. */
  get room(): number {
    return this.#keys.length - this.#size;
  }

  add(key: number, number: number): void {
    const slots = this.#keys.length;
    if (this.room === 0) throw new Error("no slot is free");
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
