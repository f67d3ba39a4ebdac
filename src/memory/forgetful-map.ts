/**
 * A map that lets go of a value as it is deleted.
 *
 * V8 deletes in place. A Map moves to a new table once its table is full of deleted entries; the
 * old table still has what was there at that moment, and leads to the new one, for the sake of
 * iterators. So where values come and go by the thousand, one table that has become old keeps all
 * that follow it, and every value in them, out of reach of the collector of young objects. Here the
 * tables have holders, which are emptied.
 */
export class ForgetfulMap<K, V> implements Map<K, V> {
  readonly [Symbol.toStringTag] = "ForgetfulMap";
  readonly #holders = new Map<K, { value: V | undefined }>();

  get size(): number {
    return this.#holders.size;
  }

  get(key: K): V | undefined {
    return this.#holders.get(key)?.value;
  }

  has(key: K): boolean {
    return this.#holders.has(key);
  }

  set(key: K, value: V): this {
    const holder = this.#holders.get(key);
    if (holder === undefined) this.#holders.set(key, { value });
    else holder.value = value;
    return this;
  }

  delete(key: K): boolean {
    const holder = this.#holders.get(key);
    if (holder === undefined) return false;
    holder.value = undefined;
    return this.#holders.delete(key);
  }

  clear(): void {
    for (const key of this.#holders.keys()) this.delete(key);
  }

  keys(): MapIterator<K> {
    return this.#holders.keys();
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, { value }] of this.#holders) yield [key, value as V];
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: Map<K, V>) => void, self?: unknown): void {
    for (const [key, value] of this.entries()) visit.call(self, value, key, this);
  }
}
