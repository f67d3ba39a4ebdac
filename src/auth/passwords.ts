import { ServiceError } from "../requests/service-error.js";
import { hashPassword, isPassword, unmatchableHash } from "./password-hash.js";

/** libuv has four threads, and the SQLite driver needs them too. */
const AT_ONCE = 2;
/** Some three seconds of work; who comes later is told to try again. */
const MAX_WAITING = 32;
const RETRY_AFTER_MS = 2000;

/** Hashes and checks passwords, a few at a time. */
export class Passwords {
  readonly #nobodys = unmatchableHash();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** The form of a password that can be kept. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password));
  }

  /**
   * Whether a password is the one that was hashed; without a hash it is not, which takes the same
   * time. Fails with OVERLOADED when too many wait, and when `signal` is aborted before its turn.
   */
  async check(password: string, hash: string | undefined, signal: AbortSignal): Promise<boolean> {
    const matches = await this.#inTurn(() => {
      signal.throwIfAborted();
      return isPassword(password, hash ?? this.#nobodys);
    });
    return matches && hash !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
    } else {
      if (this.#waiting.length >= MAX_WAITING) {
        const description = "too many log-ins at once";
        throw ServiceError.of("OVERLOADED", { description }, { retryAfterMs: RETRY_AFTER_MS });
      }
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
