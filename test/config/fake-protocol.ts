import type { CaAdapter, CaProtocol } from "../../src/adapters/ca-adapter.js";
import type { CronCheck } from "../../src/config/run-definition-section.js";
import type { ProtocolLookup } from "../../src/providers/configure-adapter.js";
import type { CommandType } from "../../src/requests/command.js";

export function fakeAdapter(parts: Partial<CaAdapter> = {}): CaAdapter {
  return {
    connections: 2,
    window: 10,
    tellsEpoch: false,
    commands: new Set<CommandType>(["REAUTHORISE_ALL_SERVICES", "SET_USER_PARAMETERS"]),
    checkName: (_, name) => (/^\d+$/.test(name) ? undefined : "must be digits"),
    checkCommand: () => [],
    connect: async () => ({ kind: "unavailable", text: "a fake" }),
    test: async () => ({ kind: "failed", text: "a fake" }),
    ...parts,
  };
}

/** A protocol whose connection has a host, a port from 1 to 65535, and how many connections. */
const fakeProtocol: CaProtocol = {
  name: "fake",
  secretSettings: new Set(["password"]),
  configure(connection) {
    const { host, port, connections } = connection as Record<string, unknown>;
    const faults = [];
    if (typeof host !== "string") faults.push({ field: "host", description: "must be a name" });
    if (!(Number(port) >= 1 && Number(port) <= 65_535)) {
      faults.push({ field: "port", description: "must be from 1 to 65535" });
    }
    if (faults.length > 0) return { faults };
    return { adapter: fakeAdapter({ connections: Number(connections ?? 2) }) };
  },
};

export const findFakeProtocol: ProtocolLookup = (name) =>
  name === "fake" ? { protocol: fakeProtocol } : { fault: `unknown protocol "${name}"` };

/** Knows only that there is no second 99. */
export const fakeCronCheck: CronCheck = (cron) =>
  cron.startsWith("99") ? "is no cron expression" : undefined;
