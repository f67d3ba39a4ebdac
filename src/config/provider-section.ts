import { z } from "zod";
import { identifierFault } from "../inventory/identifier.js";
import { configureAdapter, type ProtocolLookup } from "../providers/configure-adapter.js";
import { EFFECTIVENESS } from "../providers/effectiveness.js";
import type { LimitSettings } from "../providers/limits.js";
import type { AcceptedDefinition } from "../providers/provider.js";
import { COMMAND_TYPES, type CommandType } from "../requests/command.js";
import { name } from "./name.js";
import type { SectionReader } from "./section.js";

const COMMAND_NAMES = Object.keys(COMMAND_TYPES) as [CommandType, ...CommandType[]];

const limits = z
  .strictObject({
    rate_per_second: z.number().positive().max(1_000_000).optional(),
    burst: z.int().min(1).max(1_000_000).optional(),
    max_in_flight: z.int().min(1).max(1_000_000).optional(),
    max_attempts: z.int().min(1).max(1_000_000).optional(),
  })
  .refine((given) => given.burst === undefined || given.rate_per_second !== undefined, {
    path: ["burst"],
    error: "means nothing without rate_per_second",
  })
  .transform(
    (given): LimitSettings => ({
      ...(given.rate_per_second !== undefined && { ratePerSecond: given.rate_per_second }),
      ...(given.burst !== undefined && { burst: given.burst }),
      ...(given.max_in_flight !== undefined && { maxInFlight: given.max_in_flight }),
      ...(given.max_attempts !== undefined && { maxAttempts: given.max_attempts }),
    }),
  );

// YAML takes 0012 for the number 12.
const serviceCaId = z.string({ error: "must be a text: put it in quotes" });
/** Two codes for one id could not be told apart in what the CA system answers. */
const services = z.record(z.string(), serviceCaId).superRefine((given, context) => {
  const codes = new Map<string, string>();
  for (const [code, caId] of Object.entries(given)) {
    const add = (message: string) => context.addIssue({ code: "custom", path: [code], message });
    const fault = identifierFault(code);
    if (fault !== undefined) add(`the code ${fault}`);
    const idFault = identifierFault(caId);
    if (idFault !== undefined) add(idFault);
    const other = codes.get(caId);
    if (other === undefined) codes.set(caId, code);
    else add(`is the CA id of ${other} too`);
  }
});

const provider = z.strictObject({
  name,
  protocol: z.string(),
  life_cycle_state: z.enum(EFFECTIVENESS).default("EFFECTIVE"),
  commands: z.array(z.enum(COMMAND_NAMES)).optional(),
  services: services.default({}),
  connection: z.record(z.string(), z.unknown()),
  limits: limits.default({}),
});

/** The part that tells, and its protocol judges, how the CA system is reached. */
const connected = z.object({ protocol: z.string(), connection: provider.shape.connection });

/**
 * Reads one entry of `providers`. The connection is judged by its protocol even when something
 * else is wrong with the entry, so that all faults come at once.
 */
export function providerReader(findProtocol: ProtocolLookup): SectionReader<AcceptedDefinition> {
  return (entry, read) => {
    const adapter = configure(entry, findProtocol, read.fault);
    const data = read.parse(provider);
    if (data === undefined || adapter === undefined) return undefined;
    for (const [code, caId] of Object.entries(data.services)) {
      const wrong = adapter.checkName("SERVICE", caId);
      if (wrong !== undefined) read.fault(["services", code], wrong);
    }
    const definition = {
      name: data.name,
      protocol: data.protocol,
      lifeCycleState: data.life_cycle_state,
      commands: data.commands,
      services: data.services,
      connection: data.connection,
      limits: data.limits,
    };
    return { definition, adapter };
  };
}

function configure(
  entry: unknown,
  findProtocol: ProtocolLookup,
  fault: (path: readonly PropertyKey[], description: string) => void,
) {
  const { data } = connected.safeParse(entry);
  if (data === undefined) return undefined;
  const configured = configureAdapter(findProtocol, data);
  if ("adapter" in configured) return configured.adapter;
  for (const { path, description } of configured.faults) fault(path, description);
  return undefined;
}
