import { identifierFault } from "../inventory/identifier.js";
import { type Fault, ServiceError } from "../requests/service-error.js";
import type { AccountStore } from "../store/account-store.js";
import { passwordFault } from "./password-fault.js";
import { hashPassword } from "./password-hash.js";

/**
 * Creates a user; one that exists gets the password only when `replace` says so, and loses its
 * tokens by that. Fails with INVALID_REQUEST when the name or the password breaks the rules.
 */
export async function saveUser(
  store: Pick<AccountStore, "addUser" | "replacePassword">,
  name: string,
  password: string,
  replace: boolean,
): Promise<"created" | "replaced" | "exists"> {
  const faults: Fault[] = [];
  for (const [field, description] of [
    ["username", identifierFault(name)],
    ["password", passwordFault(password)],
  ] as const) {
    if (description !== undefined) faults.push({ reason: "INVALID_REQUEST", field, description });
  }
  const [first, ...rest] = faults;
  if (first !== undefined) throw new ServiceError([first, ...rest]);

  const user = { name, passwordHash: await hashPassword(password) };
  if (await store.addUser(user)) return "created";
  if (!replace) return "exists";
  await store.replacePassword(user);
  return "replaced";
}
