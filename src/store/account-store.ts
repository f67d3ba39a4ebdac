/** A token as it is kept: its hash only, so that who reads the database cannot use it. */
export interface StoredToken {
  readonly userName: string;
  /** Milliseconds since 1970 UTC; refused from then on. */
  readonly expireDate: number;
}

/** A user as it is kept. */
export interface StoredUser {
  readonly name: string;
  readonly passwordHash: string;
}

/** Where users and their tokens are kept. */
export interface AccountStore {
  hasUsers(): Promise<boolean>;
  /** Adds a user; false, and nothing is changed, when the name is taken. */
  addUser(user: StoredUser): Promise<boolean>;
  /** Adds a user while there is none, of all processes that try only once; false otherwise. */
  addFirstUser(user: StoredUser): Promise<boolean>;
  /** Changes a user's password and forgets the user's tokens; false when there is no such user. */
  replacePassword(user: StoredUser): Promise<boolean>;
  /** The hash of a user's password; undefined when there is no such user. */
  passwordHash(userName: string): Promise<string | undefined>;
  /**
   * Keeps a token of a user whose password still has that hash; durable when the promise resolves.
   * False, and nothing is kept, when it has another by now.
   */
  addToken(tokenHash: string, token: StoredToken, passwordHash: string): Promise<boolean>;
  /** The token with this hash, expired or not; undefined when there is none. */
  findToken(tokenHash: string): Promise<StoredToken | undefined>;
  /** Forgets a token, if it is there; durable when the promise resolves. */
  removeToken(tokenHash: string): Promise<void>;
  /** Forgets tokens that have expired, `limit` at most; returns how many those were. */
  removeExpiredTokens(limit: number): Promise<number>;
}
