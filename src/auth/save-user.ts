import { identifierFault } from "../inventory/identifier.js";
import { SERVICE } from "../requests/ended-request.js";
import { type Fault, ServiceError } from "../requests/service-error.js";
import type { AccountStore } from "../store/account-store.js";
import { newPasswordFault } from "./password-fault.js";
import { hashPassword } from "./password-hash.js";
import { LOCAL } from "./principal.js";

/** What became of a user; `exists` and `missing`: nothing was changed. */
export type SavedUser = "created" | "replaced" | "exists" | "missing";

/**
 * Creates a user, or with `replace` gives one that exists the password, which ends its tokens.
 * Never does the one for the other: a name may be misspelt. Fails with INVALID_REQUEST when the
 * name or the password breaks the rules.
 */
export async function saveUser(
  store: Pick<AccountStore, "addUser" | "replacePassword">,
  name: string,
  password: string,
  replace: boolean,
): Promise<SavedUser> {
  const faults: Fault[] = [];
  for (const [field, description] of [
    // One that has such a name from before can still be locked out.
    ["username", replace ? identifierFault(name) : newNameFault(name)],
    ["password", newPasswordFault(password)],
  ] as const) {
    if (description !== undefined) faults.push({ reason: "INVALID_REQUEST", field, description });
  }
  const [first, ...rest] = faults;
  if (first !== undefined) throw new ServiceError([first, ...rest]);

  const user = { name, passwordHash: await hashPassword(password) };
  if (replace) return (await store.replacePassword(user)) ? "replaced" : "missing";
  return (await store.addUser(user)) ? "created" : "exists";
}

/** Nobody could tell a user of such a name from the service itself, or from who needs no token. */
function newNameFault(name: string): string | undefined {
  if (name === SERVICE || name === LOCAL.name) return "is a name of the service's own";
  return identifierFault(name);
}
