import { logIn as exchange, type LogInDeps } from "../auth/log-in.js";
import { passwordFault } from "../auth/password-fault.js";
import type { Call } from "./call.js";
import { requiredIdentifier } from "./fields/identifier.js";
import { validate } from "./fields/violations.js";

/** Exchanges a name and a password for a token. */
export async function logIn(
  deps: LogInDeps,
  call: Call,
  credentials: { readonly username: string; readonly password: string },
): Promise<{ token: string; expireDate: number }> {
  validate((violations) => {
    requiredIdentifier(violations, "username", credentials.username);
    const fault = passwordFault(credentials.password);
    if (fault !== undefined) violations.add("password", fault);
  });
  return exchange(deps, credentials, call.signal);
}
