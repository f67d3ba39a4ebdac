import { z } from "zod";
import type { ConfigFault } from "./config-fault.js";
import { issueText } from "./issue-text.js";
import type { Path, YamlSource } from "./yaml-source.js";

/** What a reader of one entry is given to read with. */
export interface EntryTools {
  /** The entry as the schema makes it; undefined, with its faults noted, when it does not fit. */
  parse<T>(schema: z.ZodType<T>): T | undefined;
  /** Notes a fault at a path inside the entry. */
  fault(path: Path, description: string): void;
}

/** Makes a value of one entry of a section, or notes what is wrong with it. */
export type SectionReader<T> = (entry: unknown, read: EntryTools) => T | undefined;

/** Only what two entries can be told apart by. */
const named = z.object({ name: z.string() });

/** Reads every entry of a list whose entries have a unique `name`; faults are noted. */
export function readSection<T>(
  section: string,
  entries: readonly unknown[],
  source: YamlSource,
  faults: ConfigFault[],
  reader: SectionReader<T>,
): T[] {
  const firstOf = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const fault = (path: Path, description: string) =>
      faults.push(source.faultAt([section, index, ...path], description));
    const name = named.safeParse(entry).data?.name;
    const first = name === undefined ? undefined : firstOf.get(name);
    if (first !== undefined) fault(["name"], `is the same as of ${section}[${first}]`);
    else if (name !== undefined) firstOf.set(name, index);
    const value = reader(entry, {
      fault,
      parse: (schema) => parse(schema, entry, fault),
    });
    return value === undefined ? [] : [value];
  });
}

/** Parses a value, with a fault for each thing that is wrong, unknown keys one by one. */
export function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
  fault: (path: Path, description: string) => void,
): T | undefined {
  const result = schema.safeParse(value, { error: issueText });
  for (const issue of result.error?.issues ?? []) {
    if (issue.code !== "unrecognized_keys") fault(issue.path, issue.message);
    else for (const key of issue.keys) fault([...issue.path, key], "is not a known key");
  }
  return result.data;
}
