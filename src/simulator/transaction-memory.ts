import type { Refusal } from "./message.js";
import { comesAfter } from "./serial-number.js";
import { TransactionIndex } from "./transaction-index.js";

/** A transaction is forgotten when it is older than this, or not among the last `limit`. */
const maxAgeMs = 24 * 60 * 60 * 1000;

/** Bytes of a message's digest that are kept: a chance meeting of two is beyond any test. */
export const digestLength = 16;

const firstCapacity = 1024;

/** What a memory says of a number and the bytes it came with. */
export type Recollection =
  | { readonly kind: "new" }
  | { readonly kind: "other_bytes" }
  /** Without a refusal the command was accepted; its reference follows from its number. */
  | { readonly kind: "same_bytes"; readonly refusal: Refusal | undefined };

/**
 * The final answers of one source_id, in a ring of columns: about 45 bytes per transaction, so
 * that a million of them are not a million objects for the garbage collector to walk.
 */
export class TransactionMemory {
  readonly #limit: number;
  #keys = new Uint32Array(0);
  #times = new Float64Array(0);
  #digests = Buffer.alloc(0);
  #refusals: (Refusal | undefined)[] = [];
  #index = new TransactionIndex(this.#keys);
  #oldest = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  recall(transaction: number, digest: Buffer, now: number): Recollection {
    this.#forgetAged(now);
    const slot = this.#index.find(transaction);
    if (slot < 0) return { kind: "new" };
    const at = slot * digestLength;
    const same = this.#digests.compare(digest, 0, digestLength, at, at + digestLength) === 0;
    return same ? { kind: "same_bytes", refusal: this.#refusals[slot] } : { kind: "other_bytes" };
  }

  /** Only for a number that `recall` calls new. */
  remember(transaction: number, digest: Buffer, refusal: Refusal | undefined, now: number): void {
    this.#forgetAged(now);
    if (this.#count === this.#limit) this.#forgetOldest();
    else if (this.#count === this.#keys.length) this.#grow();
    const slot = this.#slot(this.#count);
    this.#keys[slot] = transaction;
    this.#times[slot] = now;
    digest.copy(this.#digests, slot * digestLength, 0, digestLength);
    this.#refusals[slot] = refusal;
    this.#index.add(slot);
    this.#count += 1;
  }

  /** The highest number remembered, in serial-number order; 0 for none. Walks them all. */
  highest(now: number): number {
    this.#forgetAged(now);
    let highest = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const key = this.#keys[this.#slot(i)] ?? 0;
      if (highest === 0 || comesAfter(key, highest)) highest = key;
    }
    return highest;
  }

  #forgetAged(now: number): void {
    while (this.#count > 0 && now - (this.#times[this.#oldest] ?? 0) >= maxAgeMs) {
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    this.#index.remove(this.#keys[this.#oldest] ?? 0);
    this.#refusals[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#keys.length;
    this.#count -= 1;
  }

  /** The slot of the `i`-th oldest. */
  #slot(i: number): number {
    return (this.#oldest + i) % this.#keys.length;
  }

  /** Doubles the ring and lays it out anew from slot 0. */
  #grow(): void {
    const capacity = Math.min(this.#limit, Math.max(firstCapacity, this.#count * 2));
    const order = Array.from({ length: this.#count }, (_, i) => this.#slot(i));
    const [keys, times, digests, refusals] = [
      this.#keys,
      this.#times,
      this.#digests,
      this.#refusals,
    ];
    this.#keys = new Uint32Array(capacity);
    this.#times = new Float64Array(capacity);
    this.#digests = Buffer.alloc(capacity * digestLength);
    this.#refusals = order.map((slot) => refusals[slot]);
    this.#index = new TransactionIndex(this.#keys);
    this.#oldest = 0;
    for (const [i, slot] of order.entries()) {
      this.#keys[i] = keys[slot] ?? 0;
      this.#times[i] = times[slot] ?? 0;
      digests.copy(this.#digests, i * digestLength, slot * digestLength, (slot + 1) * digestLength);
      this.#index.add(i);
    }
  }
}
