import type { CaProtocol } from "./ca-adapter.js";
import { ndsProtocol } from "./nds/nds-protocol.js";

const PROTOCOLS: readonly CaProtocol[] = [ndsProtocol];

/** The protocol that a provider's `protocol` setting names, or what is wrong with the name. */
export function findProtocol(
  name: string,
): { readonly protocol: CaProtocol } | { readonly fault: string } {
  const protocol = PROTOCOLS.find((known) => known.name === name);
  if (protocol !== undefined) return { protocol };
  const known = PROTOCOLS.map((each) => each.name).join(", ");
  return { fault: `unknown protocol ${JSON.stringify(name)}; known: ${known}` };
}
