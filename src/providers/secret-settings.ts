import { isSecretName } from "../secrets/secret-names.js";
import type { ProtocolLookup } from "./configure-adapter.js";
import type { ProviderDefinition } from "./provider.js";

type Connected = Pick<ProviderDefinition, "protocol" | "connection">;

/**
 * Tells which members of a connection are secret: those that its protocol says are. Where the
 * protocol cannot be asked any more, every member whose name sounds like a secret's.
 */
export function secretsOf(
  findProtocol: ProtocolLookup,
  protocol: string,
): (member: string) => boolean {
  const found = findProtocol(protocol);
  if ("fault" in found) return isSecretName;
  const { secretSettings } = found.protocol;
  return (member) => secretSettings.has(member);
}

/** A connection as it may be shown: without its secrets, whose names are told. */
export interface ShownConnection {
  readonly connection: Readonly<Record<string, unknown>>;
  /** Names of the secret members that have a value. */
  readonly secretsSet: readonly string[];
}

export function shownConnection(
  findProtocol: ProtocolLookup,
  { protocol, connection }: Connected,
): ShownConnection {
  const isSecret = secretsOf(findProtocol, protocol);
  const members = Object.entries(connection);
  return {
    connection: Object.fromEntries(members.filter(([name]) => !isSecret(name))),
    secretsSet: members.map(([name]) => name).filter(isSecret),
  };
}
