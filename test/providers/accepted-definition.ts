import type { AcceptedDefinition, ProviderDefinition } from "../../src/providers/provider.js";
import { fakeAdapter } from "../config/fake-protocol.js";

/** A definition that its protocol has accepted; `main`, unless a test wants another. */
export function accepted(
  parts: Partial<ProviderDefinition> = {},
  connections = 2,
): AcceptedDefinition {
  const definition: ProviderDefinition = {
    name: "main",
    protocol: "fake",
    lifeCycleState: "EFFECTIVE",
    commands: ["REAUTHORISE_ALL_SERVICES"],
    connection: { host: "h", port: 1, password: "s3cret" },
    services: { SPORT: "0012" },
    limits: { ratePerSecond: 100, burst: 50 },
    ...parts,
  };
  return { definition, adapter: fakeAdapter({ connections }) };
}
