import type { DefinitionFault, ProtocolLookup } from "../providers/configure-adapter.js";
import type { AcceptedDefinition, ProviderDefinition } from "../providers/provider.js";
import type { RunDefinition } from "../providers/run-definition.js";
import { providerReader } from "./provider-section.js";
import {
  type CronCheck,
  runDefinitionEntry,
  runDefinitionReader,
} from "./run-definition-section.js";
import { parse, type SectionReader } from "./section.js";

/** A definition that may be, or all that is wrong with it in the words of the file. */
export type Judged<T> =
  | { readonly accepted: T }
  | { readonly faults: readonly [DefinitionFault, ...DefinitionFault[]] };

/** Judges providers that do not come from the file by the rules of the file. */
export function providerJudge(findProtocol: ProtocolLookup) {
  const reader = providerReader(findProtocol);
  return ({ limits, ...definition }: ProviderDefinition): Judged<AcceptedDefinition> =>
    judge(reader, {
      name: definition.name,
      protocol: definition.protocol,
      life_cycle_state: definition.lifeCycleState,
      commands: definition.commands,
      services: definition.services,
      connection: definition.connection,
      limits: {
        rate_per_second: limits.ratePerSecond,
        burst: limits.burst,
        max_in_flight: limits.maxInFlight,
        max_attempts: limits.maxAttempts,
      },
    });
}

/** The same for run definitions. */
export function runDefinitionJudge(checkCron: CronCheck) {
  const reader = runDefinitionReader(checkCron);
  return (definition: RunDefinition): Judged<RunDefinition> =>
    judge(reader, runDefinitionEntry(definition));
}

export type JudgeProvider = ReturnType<typeof providerJudge>;
export type JudgeRunDefinition = ReturnType<typeof runDefinitionJudge>;

function judge<T>(reader: SectionReader<T>, entry: object): Judged<T> {
  const faults: DefinitionFault[] = [];
  const fault = (path: readonly PropertyKey[], description: string) => {
    faults.push({ path, description });
  };
  const accepted = reader(entry, { fault, parse: (schema) => parse(schema, entry, fault) });
  const [first, ...rest] = faults;
  if (first !== undefined) return { faults: [first, ...rest] };
  if (accepted === undefined) throw new Error("a definition was refused without a reason");
  return { accepted };
}
