import type { CaProtocol } from "./ca-adapter.js";
import { fileProtocol } from "./profile/file-protocol.js";
import { isShippedName, SHIPPED_NAMES, shippedProtocol } from "./profile/shipped-profiles.js";
import { pullProtocol } from "./pull/pull-protocol.js";

/**
 * The protocol that a provider's `protocol` setting names, or what is wrong with the name: one that
 * comes with the program, or the path of a profile, which is read anew each time.
 */
export function findProtocol(
  name: string,
): { readonly protocol: CaProtocol } | { readonly fault: string } {
  if (name === pullProtocol.name) return { protocol: pullProtocol };
  if (isShippedName(name)) return { protocol: shippedProtocol(name) };
  if (/\.ya?ml$/.test(name)) return fileProtocol(name);
  const known = [...SHIPPED_NAMES, pullProtocol.name].join(", ");
  return {
    fault: `unknown protocol ${JSON.stringify(name)}; known: ${known}, and files that end in .yaml`,
  };
}
