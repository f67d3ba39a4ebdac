import type { StoredToken } from "../store/account-store.js";

interface Entry {
  readonly token: StoredToken;
  readonly freshUntil: number;
}

/** Tokens that were found in the store a moment ago, by their hash; the oldest make room. */
export class TokenCache {
  // In the order of freshUntil, since all stay for the same time.
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A token that is still fresh at `time`. */
  get(tokenHash: string, time: number): StoredToken | undefined {
    const entry = this.#entries.get(tokenHash);
    return entry !== undefined && time < entry.freshUntil ? entry.token : undefined;
  }

  set(tokenHash: string, token: StoredToken, freshUntil: number): void {
    this.#entries.delete(tokenHash);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < this.#maxEntries) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(tokenHash, { token, freshUntil });
  }

  delete(tokenHash: string): void {
    this.#entries.delete(tokenHash);
  }
}
