import type { CaAdapter, CaProtocol } from "../adapters/ca-adapter.js";
import type { ProviderDefinition } from "./provider.js";

/** Finds the protocol that a `protocol` setting names, or says what is wrong with the name. */
export type ProtocolLookup = (
  name: string,
) => { readonly protocol: CaProtocol } | { readonly fault: string };

/** One thing wrong with a definition; the path is in the words of the configuration file. */
export interface DefinitionFault {
  readonly path: readonly PropertyKey[];
  readonly description: string;
}

/** The adapter that a protocol makes of a connection, or all that is wrong with the two. */
export function configureAdapter(
  findProtocol: ProtocolLookup,
  { protocol, connection }: Pick<ProviderDefinition, "protocol" | "connection">,
): { readonly adapter: CaAdapter } | { readonly faults: readonly DefinitionFault[] } {
  const found = findProtocol(protocol);
  if ("fault" in found) return { faults: [{ path: ["protocol"], description: found.fault }] };
  const configured = found.protocol.configure(connection);
  if ("adapter" in configured) return configured;
  return {
    faults: configured.faults.map(({ field, description }) => ({
      path: ["connection", ...(field === "" ? [] : field.split("."))],
      description,
    })),
  };
}
