import type { ProviderDefinition } from "../../providers/provider.js";
import type { Cipher } from "../../secrets/cipher.js";
import { connectionPurpose } from "../../secrets/purposes.js";
import type { Value } from "./database.js";

/** The columns of a provider that a change may change; `definitionValues` has their values. */
export const DEFINITION_COLUMNS = [
  "protocol",
  "commands",
  "services",
  "connection",
  "limits",
] as const;

export function definitionValues(cipher: Cipher, definition: ProviderDefinition): Value[] {
  const { name, protocol, commands, services, connection, limits } = definition;
  return [
    protocol,
    commands === undefined ? null : JSON.stringify(commands),
    JSON.stringify(services),
    // Encrypted as a whole: which of a protocol's settings are secret is nobody else's business.
    cipher.encrypt(connectionPurpose(name), JSON.stringify(connection)),
    JSON.stringify(limits),
  ];
}

/** What can be changed of a definition, as it would come back from the database. */
export function comparable({
  protocol,
  commands,
  services,
  connection,
  limits,
}: Omit<ProviderDefinition, "name">): object {
  return { protocol, commands, ...JSON.parse(JSON.stringify({ services, connection, limits })) };
}
