import { z } from "zod";
import { EFFECTIVENESS } from "../providers/effectiveness.js";
import type { RunDefinition } from "../providers/run-definition.js";
import { name } from "./name.js";
import type { SectionReader } from "./section.js";
import { timeZone } from "./setting.js";

/** What is wrong with a cron expression of six fields in a time zone; undefined when nothing is. */
export type CronCheck = (cron: string, timeZone: string) => string | undefined;

const runDefinition = z.strictObject({
  name,
  cron: z
    .string()
    .refine(
      (text) => text.trim().split(/\s+/).length === 6,
      "must have six fields: second, minute, hour, day of month, month, day of week",
    ),
  time_zone: timeZone.default("UTC"),
  providers: z.array(name).default([]),
  wake: z.boolean().default(true),
  life_cycle_state: z.enum(EFFECTIVENESS).default("EFFECTIVE"),
});

/** Reads one entry of `run_definitions`. */
export function runDefinitionReader(checkCron: CronCheck): SectionReader<RunDefinition> {
  return (_entry, read) => {
    const data = read.parse(runDefinition);
    if (data === undefined) return undefined;
    const fault = checkCron(data.cron, data.time_zone);
    if (fault !== undefined) {
      read.fault(["cron"], fault);
      return undefined;
    }
    return {
      name: data.name,
      cron: data.cron,
      timeZone: data.time_zone,
      providers: data.providers,
      wake: data.wake,
      lifeCycleState: data.life_cycle_state,
    };
  };
}

/** The entry that a definition would be read from. */
export function runDefinitionEntry(definition: RunDefinition): z.output<typeof runDefinition> {
  return {
    name: definition.name,
    cron: definition.cron,
    time_zone: definition.timeZone,
    providers: [...definition.providers],
    wake: definition.wake,
    life_cycle_state: definition.lifeCycleState,
  };
}
