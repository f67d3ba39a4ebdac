/**
 * A map by two texts. A key put together of both would be a text of its own for each look-up, which
 * V8 copies to hash it.
 */
export class PairMap<V> {
  readonly #maps = new Map<string, Map<string, V>>();

  get(first: string, second: string): V | undefined {
    return this.#maps.get(first)?.get(second);
  }

  set(first: string, second: string, value: V): void {
    const map = this.#maps.get(first);
    if (map === undefined) this.#maps.set(first, new Map([[second, value]]));
    else map.set(second, value);
  }
}
