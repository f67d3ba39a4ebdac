import type { CaAdapter } from "../adapters/ca-adapter.js";

/**
 * Stands in for the adapter of a provider that cannot be configured, such as one from a database
 * that a newer version wrote: it has no connections, does nothing and says why.
 */
export function unusableAdapter(reason: string): CaAdapter {
  return {
    connections: 0,
    window: 0,
    tellsEpoch: false,
    commands: new Set(),
    checkName: () => `cannot be checked: ${reason}`,
    checkCommand: () => [],
    connect: async () => ({ kind: "unavailable", text: reason }),
    test: async () => ({ kind: "failed", text: reason }),
  };
}
