import { requiredIdentifier } from "../../calls/fields/identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { Provider as ProviderMessage } from "../../gen/provisioning/v1/provider.js";
import type {
  CreateProviderRequest,
  UpdateProviderRequest,
} from "../../gen/provisioning/v1/provider_service.js";
import type { LimitSettings } from "../../providers/limits.js";
import type { ProviderDefinition } from "../../providers/provider.js";
import type { ProviderChange } from "../../providers/provider-change.js";
import type { CommandType } from "../../requests/command.js";
import { EFFECTIVENESS_OF } from "../messages/effectiveness.js";
import { COMMAND_TYPE_MESSAGES } from "../messages/provisioning-request.js";
import { enumValue } from "./enum-value.js";
import { readUpdateMask } from "./update-mask.js";
import { requiredVersion } from "./version.js";

const COMMAND_TYPES = Object.fromEntries(
  Object.entries(COMMAND_TYPE_MESSAGES).map(([type, message]) => [message, type as CommandType]),
);

const LIMITS = {
  rate_per_second: "ratePerSecond",
  burst: "burst",
  max_in_flight: "maxInFlight",
  max_attempts: "maxAttempts",
} as const satisfies Record<string, keyof LimitSettings>;

const STATES = { ...EFFECTIVENESS_OF, LIFE_CYCLE_STATE_UNSPECIFIED: "EFFECTIVE" } as const;

const CHANGEABLE =
  "protocol, commands, services, services.CODE, connection, connection.KEY, limits, limits.rate_per_second, limits.burst, limits.max_in_flight, limits.max_attempts";

/** The definition that a create asks for; undefined without one. Its fields are not judged here. */
export function readNewProvider(
  violations: Violations,
  { provider }: CreateProviderRequest,
): ProviderDefinition | undefined {
  if (provider === undefined) {
    violations.add("provider", "is mandatory");
    return undefined;
  }
  const within = violations.within("provider");
  if (provider.connection === undefined) within.add("connection", "is mandatory");
  return {
    name: provider.name,
    protocol: provider.protocol,
    lifeCycleState: enumValue(
      within,
      "life_cycle_state",
      provider.lifeCycleState,
      STATES,
      "EFFECTIVE",
    ),
    commands: readCommands(within, provider.commands),
    services: provider.services,
    connection: provider.connection ?? {},
    limits: defined(readLimits(provider)),
  };
}

export interface ProviderUpdate {
  readonly name: string;
  readonly version: number;
  readonly change: ProviderChange;
}

/** What an update asks for; its values are not judged here. */
export function readProviderUpdate(
  violations: Violations,
  { provider, updateMask }: UpdateProviderRequest,
): ProviderUpdate {
  if (provider === undefined) {
    violations.add("provider", "is mandatory");
    return { name: "", version: 0, change: {} };
  }
  const within = violations.within("provider");
  const members = new Map<string, unknown>();
  const serviceMembers = new Map<string, string | undefined>();
  let limits: ProviderChange["limits"] = {};
  let change: ProviderChange = {};
  readUpdateMask(violations, updateMask, CHANGEABLE, (path) => {
    // No name after the dot is no wish for the whole.
    if (/^\w+\.$/.test(path)) return false;
    const [field = "", member = ""] = split(path);
    switch (field) {
      case "protocol":
        change = { ...change, protocol: provider.protocol };
        return member === "";
      case "commands":
        change = { ...change, commands: { types: readCommands(within, provider.commands) } };
        return member === "";
      case "services":
        if (member === "") change = { ...change, services: provider.services };
        else serviceMembers.set(member, memberOf(provider.services, member));
        return true;
      case "connection":
        // What is deeper is changed with its member as a whole: taken for a name of its own, it
        // would be taken out of where it is not, and nothing would be changed without a word.
        if (member.includes(".")) return false;
        if (member === "") change = { ...change, connection: provider.connection ?? {} };
        else members.set(member, memberOf(provider.connection ?? {}, member));
        return true;
      case "limits": {
        const given = readLimits(provider);
        if (member === "") limits = given;
        else if (!Object.hasOwn(LIMITS, member)) return false;
        else {
          const name = LIMITS[member as keyof typeof LIMITS];
          limits = { ...limits, [name]: given[name] };
        }
        return true;
      }
      default:
        return false;
    }
  });
  return {
    name: requiredIdentifier(within, "name", provider.name),
    version: requiredVersion(within, "version", provider.version),
    change: { ...change, members, serviceMembers, limits },
  };
}

/** What was given under the name, and not what every object has under it, such as `constructor`. */
function memberOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** `connection.port` as its two parts. */
function split(path: string): [string, string] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
}

function readCommands(
  violations: Violations,
  commands: ProviderMessage["commands"],
): readonly CommandType[] | undefined {
  return commands?.types.map((type, i) =>
    enumValue(violations, `commands.types[${i}]`, type, COMMAND_TYPES, "REAUTHORISE_ALL_SERVICES"),
  );
}

function readLimits({ limits }: ProviderMessage): {
  [Name in keyof LimitSettings]-?: number | undefined;
} {
  return {
    ratePerSecond: limits?.ratePerSecond,
    burst: limits?.burst,
    maxInFlight: limits?.maxInFlight,
    maxAttempts: limits?.maxAttempts,
  };
}

function defined(limits: ReturnType<typeof readLimits>): LimitSettings {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
