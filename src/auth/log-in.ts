import { ServiceError } from "../requests/service-error.js";
import type { AccountStore } from "../store/account-store.js";
import type { Passwords } from "./passwords.js";
import type { GivenToken, Tokens } from "./tokens.js";

/** What logging in needs. */
export interface LogInDeps {
  readonly store: Pick<AccountStore, "passwordHash">;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
}

/**
 * A token for a user with the right password; CREDENTIALS_INVALID for whatever else, and for one
 * that was replaced while it was checked.
 */
export async function logIn(
  { store, passwords, tokens }: LogInDeps,
  credentials: { readonly username: string; readonly password: string },
  signal: AbortSignal,
): Promise<GivenToken> {
  const { username, password } = credentials;
  const hash = await store.passwordHash(username);
  const matches = await passwords.check(password, hash, signal);
  const given = hash !== undefined && matches ? await tokens.give(username, hash) : undefined;
  if (given === undefined) throw ServiceError.of("CREDENTIALS_INVALID");
  return given;
}
