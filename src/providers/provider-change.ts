import type { CommandType } from "../requests/command.js";
import type { LimitSettings } from "./limits.js";
import type { ProviderDefinition } from "./provider.js";

/** What of a provider is to become something else; what is absent stays. */
export interface ProviderChange {
  readonly protocol?: string;
  /** What narrows the commands; `types` undefined: nothing any more. */
  readonly commands?: { readonly types: readonly CommandType[] | undefined };
  /** The connection anew. Secrets that it leaves out stay, while the protocol does. */
  readonly connection?: Readonly<Record<string, unknown>>;
  /** Members of the connection by name; undefined: taken out. They come after `connection`. */
  readonly members?: ReadonlyMap<string, unknown>;
  /** The services anew. */
  readonly services?: Readonly<Record<string, string>>;
  /** CA ids of services by code; undefined: taken out. They come after `services`. */
  readonly serviceMembers?: ReadonlyMap<string, string | undefined>;
  /** Limits by name; undefined: back to the default. */
  readonly limits?: { readonly [Name in keyof LimitSettings]?: number | undefined };
}

/** The definition as it is to be; whether it may be so is for its protocol to judge. */
export function changedDefinition(
  stored: ProviderDefinition,
  change: ProviderChange,
  /** Of the stored connection's members. */
  isSecret: (member: string) => boolean,
): ProviderDefinition {
  const protocol = change.protocol ?? stored.protocol;
  const secrets =
    protocol === stored.protocol
      ? Object.entries(stored.connection).filter(([member]) => isSecret(member))
      : [];
  const whole =
    change.connection === undefined
      ? stored.connection
      : { ...Object.fromEntries(secrets), ...change.connection };
  const limits = Object.entries({ ...stored.limits, ...change.limits });
  return {
    name: stored.name,
    protocol,
    lifeCycleState: stored.lifeCycleState,
    commands: change.commands === undefined ? stored.commands : change.commands.types,
    services: patched(change.services ?? stored.services, change.serviceMembers),
    connection: patched(whole, change.members),
    limits: Object.fromEntries(limits.filter(([, value]) => value !== undefined)),
  };
}

/** A record with some members set, or taken out where they are undefined. */
function patched<T>(
  record: Readonly<Record<string, T>>,
  members: ReadonlyMap<string, T | undefined> = new Map(),
): Record<string, T> {
  const all = new Map(Object.entries(record));
  for (const [member, value] of members) {
    if (value === undefined) all.delete(member);
    else all.set(member, value);
  }
  return Object.fromEntries(all);
}
