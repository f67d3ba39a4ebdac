import type { CommandType } from "../../src/requests/command.js";
import type { ProviderRules } from "../../src/requests/provider-rules.js";

/** Providers that all take these commands, and know these services. */
export function takes(
  types: readonly CommandType[],
  services: Readonly<Record<string, string>> = {},
): ProviderRules {
  const commands = new Set(types);
  const ids = new Map(Object.entries(services));
  return {
    commands: () => commands,
    serviceCaId: (_, code) => ids.get(code),
    commandFaults: () => [],
  };
}
