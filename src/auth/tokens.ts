import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import type { AccountStore, StoredToken } from "../store/account-store.js";
import type { Authenticator } from "./authenticator.js";
import type { Principal } from "./principal.js";
import { hasTokenForm, newToken, TOKEN_LIFE_MS, tokenHash } from "./token.js";
import { TokenCache } from "./token-cache.js";

/**
 * How long a token that was found is trusted without another look. A token that is released in
 * another process must be refused here within 5 s.
 */
const FRESH_MS = 4000;
const MAX_CACHED = 10_000;

type TokenStore = Pick<AccountStore, "addToken" | "findToken" | "removeToken">;

export interface GivenToken {
  readonly token: string;
  readonly expireDate: number;
}

/** Gives, checks and takes back tokens. */
export class Tokens implements Authenticator {
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #cache = new TokenCache(MAX_CACHED);
  /** Look-ups under way; calls with the same token share one. */
  readonly #lookups = new Map<string, Promise<Principal>>();

  constructor(store: TokenStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A new token for a user; undefined when the password has another hash by now. */
  async give(userName: string, passwordHash: string): Promise<GivenToken | undefined> {
    const token = newToken();
    const expireDate = this.#clock.now() + TOKEN_LIFE_MS;
    const stored = { userName, expireDate };
    const added = await this.#store.addToken(tokenHash(token), stored, passwordHash);
    return added ? { token, expireDate } : undefined;
  }

  authenticate(token: string): Principal | Promise<Principal> {
    if (!hasTokenForm(token)) throw ServiceError.of("TOKEN_INVALID");
    const hash = tokenHash(token);
    const cached = this.#cache.get(hash, this.#clock.monotonic());
    if (cached !== undefined) return this.#ownerOf(cached);
    const underWay = this.#lookups.get(hash);
    if (underWay !== undefined) return underWay;
    const lookup = this.#lookUp(hash).finally(() => this.#lookups.delete(hash));
    this.#lookups.set(hash, lookup);
    return lookup;
  }

  /** Makes a token invalid, here at once and everywhere within 5 s. */
  async release(token: string): Promise<void> {
    const hash = tokenHash(token);
    await this.#store.removeToken(hash);
    this.#cache.delete(hash);
  }

  async #lookUp(hash: string): Promise<Principal> {
    // Before the store is asked: its answer is no younger than that.
    const freshUntil = this.#clock.monotonic() + FRESH_MS;
    const found = await this.#store.findToken(hash);
    if (found === undefined) throw ServiceError.of("TOKEN_INVALID");
    const owner = this.#ownerOf(found);
    this.#cache.set(hash, found, freshUntil);
    return owner;
  }

  #ownerOf({ userName, expireDate }: StoredToken): Principal {
    if (this.#clock.now() >= expireDate) throw ServiceError.of("TOKEN_INVALID");
    return { name: userName };
  }
}
