import type { ProtocolLookup } from "../providers/configure-adapter.js";
import { limitsOf } from "../providers/limits.js";
import type { AcceptedDefinition } from "../providers/provider.js";
import { DEFAULT_RUN_DEFINITION } from "../providers/run-definition.js";
import { shownConnection } from "../providers/secret-settings.js";
import { hideSecrets } from "../secrets/secret-names.js";
import { type Address, formatAddress } from "./address.js";
import type { Configuration } from "./configuration.js";
import { type DatabaseTarget, describeTarget } from "./database-target.js";
import { runDefinitionEntry } from "./run-definition-section.js";
import { SETTINGS } from "./setting-table.js";
import type { Settings } from "./settings.js";

/** The configuration in the words it is written in: defaults filled in, secrets hidden. */
export interface EffectiveConfiguration {
  readonly settings: Readonly<Record<string, string | number>>;
  readonly providers: readonly object[];
  readonly run_definitions: readonly object[];
}

export function effectiveConfiguration(
  configuration: Configuration,
  findProtocol: ProtocolLookup,
): EffectiveConfiguration {
  const { settings, file } = configuration;
  const hasDefault = file.runDefinitions.some(({ name }) => name === DEFAULT_RUN_DEFINITION.name);
  const runDefinitions = hasDefault
    ? file.runDefinitions
    : [DEFAULT_RUN_DEFINITION, ...file.runDefinitions];
  return {
    settings: Object.fromEntries(Object.entries(SETTINGS).flatMap(shown(settings))),
    providers: file.providers.map((accepted) => shownProvider(accepted, findProtocol)),
    run_definitions: runDefinitions.map(runDefinitionEntry),
  };
}

function shown(settings: Settings) {
  return ([name, entry]: [string, { variable: string; secret?: true }]): [
    string,
    string | number,
  ][] => {
    const value = settings[name as keyof Settings];
    if (value === undefined) return [];
    return [[entry.variable, entry.secret === true ? "[hidden]" : shownValue(value)]];
  };
}

function shownValue(value: string | number | Address | DatabaseTarget): string | number {
  if (typeof value !== "object") return value;
  return "kind" in value ? describeTarget(value) : formatAddress(value);
}

function shownProvider(
  { definition, adapter }: AcceptedDefinition,
  findProtocol: ProtocolLookup,
): object {
  const { connection, secretsSet } = shownConnection(findProtocol, definition);
  const hidden = Object.fromEntries(secretsSet.map((name) => [name, "[hidden]"]));
  const limits = limitsOf(definition.limits, adapter);
  const rate = limits.ratePerSecond;
  return {
    name: definition.name,
    protocol: definition.protocol,
    life_cycle_state: definition.lifeCycleState,
    commands: definition.commands ?? [...adapter.commands],
    services: definition.services,
    connection: { ...(hideSecrets(connection) as object), ...hidden },
    limits: {
      ...(rate !== undefined && { rate_per_second: rate, burst: limits.burst }),
      max_in_flight: limits.maxInFlight,
      max_attempts: limits.maxAttempts,
    },
  };
}
