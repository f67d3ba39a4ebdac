import { ServiceError } from "../requests/service-error.js";
import type { AccountStore } from "../store/account-store.js";
import type { Passwords } from "./passwords.js";
import type { Tokens } from "./tokens.js";

/** What logging in needs. */
export interface LogInDeps {
  readonly store: Pick<AccountStore, "passwordHash">;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
}

/** A token for a user with the right password; CREDENTIALS_INVALID for whatever else. */
export async function logIn(
  { store, passwords, tokens }: LogInDeps,
  credentials: { readonly username: string; readonly password: string },
  signal: AbortSignal,
): Promise<{ token: string; expireDate: number }> {
  const hash = await store.passwordHash(credentials.username);
  if (!(await passwords.check(credentials.password, hash, signal))) {
    throw ServiceError.of("CREDENTIALS_INVALID");
  }
  return tokens.give(credentials.username);
}
