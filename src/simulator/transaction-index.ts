/** 2^32 over the golden ratio spreads numbers that come in sequence, with gaps or in strides. */
const multiplier = 0x9e3779b1;

/**
 * Finds a transaction's slot in a table of `keys`: open addressing with linear probing, at most
 * half full. A Map of a million numbers takes five times the memory and stops for a tenth of a
 * second when it rehashes.
 */
export class TransactionIndex {
  readonly #keys: Uint32Array;
  /** Slot + 1, so that a fresh array is empty. */
  readonly #cells: Uint32Array;
  readonly #shift: number;

  constructor(keys: Uint32Array) {
    const bits = Math.ceil(Math.log2(Math.max(2, keys.length * 2)));
    this.#keys = keys;
    this.#cells = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** The slot that holds `key`, or -1. */
  find(key: number): number {
    return this.#cellAt(this.#cellOf(key)) - 1;
  }

  /** `slot`'s key must be in the table, and must not have been added before. */
  add(slot: number): void {
    this.#cells[this.#cellOf(this.#keyOf(slot))] = slot + 1;
  }

  /** Takes out a key while the table still holds it. */
  remove(key: number): void {
    const mask = this.#cells.length - 1;
    let hole = this.#cellOf(key);
    // Moves later cells of the same cluster back over the hole, so that no search stops short.
    for (let at = (hole + 1) & mask; this.#cellAt(at) !== 0; at = (at + 1) & mask) {
      const home = this.#home(this.#keyOf(this.#cellAt(at) - 1));
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.#cells[hole] = this.#cellAt(at);
      hole = at;
    }
    this.#cells[hole] = 0;
  }

  /** The cell that holds `key`, or the empty one where it would go. */
  #cellOf(key: number): number {
    const mask = this.#cells.length - 1;
    let at = this.#home(key);
    while (this.#cellAt(at) !== 0 && this.#keyOf(this.#cellAt(at) - 1) !== key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  #home(key: number): number {
    return Math.imul(key, multiplier) >>> this.#shift;
  }

  #cellAt(at: number): number {
    return this.#cells[at] ?? 0;
  }

  #keyOf(slot: number): number {
    return this.#keys[slot] ?? 0;
  }
}
