import type { Clock } from "../../src/requests/clock.js";
import type { AccountStore, StoredToken } from "../../src/store/account-store.js";

/** Users and tokens in memory, for tests of what lies above the store. */
export class MemoryAccounts implements AccountStore {
  readonly users = new Map<string, string>();
  readonly tokens = new Map<string, StoredToken>();
  /** How often `findToken` was called. */
  lookups = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async hasUsers(): Promise<boolean> {
    return this.users.size > 0;
  }

  async addUser({ name, passwordHash }: { name: string; passwordHash: string }): Promise<boolean> {
    if (this.users.has(name)) return false;
    this.users.set(name, passwordHash);
    return true;
  }

  async addFirstUser(user: { name: string; passwordHash: string }): Promise<boolean> {
    return this.users.size === 0 && this.addUser(user);
  }

  async replacePassword(user: { name: string; passwordHash: string }): Promise<boolean> {
    if (!this.users.has(user.name)) return false;
    this.users.set(user.name, user.passwordHash);
    for (const [hash, { userName }] of this.tokens) {
      if (userName === user.name) this.tokens.delete(hash);
    }
    return true;
  }

  async passwordHash(userName: string): Promise<string | undefined> {
    return this.users.get(userName);
  }

  async addToken(tokenHash: string, token: StoredToken, passwordHash: string): Promise<boolean> {
    if (this.users.get(token.userName) !== passwordHash) return false;
    this.tokens.set(tokenHash, token);
    return true;
  }

  async findToken(tokenHash: string): Promise<StoredToken | undefined> {
    this.lookups += 1;
    return this.tokens.get(tokenHash);
  }

  async removeToken(tokenHash: string): Promise<void> {
    this.tokens.delete(tokenHash);
  }

  async removeExpiredTokens(limit: number): Promise<number> {
    const expired = [...this.tokens].filter(
      ([, { expireDate }]) => expireDate <= this.#clock.now(),
    );
    const removed = expired.slice(0, limit);
    for (const [hash] of removed) this.tokens.delete(hash);
    return removed.length;
  }
}
