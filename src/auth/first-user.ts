import { randomBytes } from "node:crypto";
import type { AccountStore } from "../store/account-store.js";
import { hashPassword } from "./password-hash.js";

/** The name of the user that a new database gets. */
export const FIRST_USER = "admin";

const GENERATED_BYTES = 18;

export interface FirstUserOptions {
  /** The password to give; without one it is generated. */
  readonly adminPassword: string | undefined;
  /** Tells the operator a generated password, once: it is kept nowhere. */
  readonly announce: (user: string, password: string) => void;
}

/** Adds the first user while there is none, so that somebody can log in. */
export async function ensureFirstUser(
  store: Pick<AccountStore, "hasUsers" | "addFirstUser">,
  { adminPassword, announce }: FirstUserOptions,
): Promise<void> {
  if (await store.hasUsers()) return;
  const password = adminPassword ?? randomBytes(GENERATED_BYTES).toString("base64url");
  const passwordHash = await hashPassword(password);
  // Another instance may have been faster; then its password counts.
  const added = await store.addFirstUser({ name: FIRST_USER, passwordHash });
  if (added && adminPassword === undefined) announce(FIRST_USER, password);
}
