import type { z } from "zod";
import { formatAddress, isLoopback } from "./address.js";
import type { Checked, ConfigFault } from "./config-fault.js";
import { issueText } from "./issue-text.js";
import { SETTINGS } from "./setting-table.js";

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Read = {
  readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]["schema"]>;
};

/** The settings of one process: checked, with their defaults, frozen. Names as in the table. */
export type Settings = Omit<Read, "secretKeyFile"> & {
  /** The key file of 32 bytes; known for every database by now. */
  readonly secretKeyFile: string;
};

/** Reads every setting, or tells all that is wrong with any. An empty variable counts as unset. */
export function readSettings(environment: Environment): Checked<Settings> {
  const faults: ConfigFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(SETTINGS)) {
    const value = environment[entry.variable] || entry.default;
    const result = entry.schema.safeParse(value, { error: issueText });
    if (result.success) values[name] = result.data;
    for (const issue of result.error?.issues ?? []) {
      faults.push({ where: entry.variable, description: issue.message });
    }
  }
  // What belongs together is held against each other as far as the parts can be read.
  const read = values as Partial<Read>;
  faults.push(...contradictions(read));
  if (faults.length > 0) return { faults };
  return { value: Object.freeze({ ...(read as Read), secretKeyFile: keyFileOf(read as Read) }) };
}

function contradictions(read: Partial<Read>): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const { leaseMs, heartbeatMs, backoffBaseMs, backoffMaxMs } = read;
  if (leaseMs !== undefined && heartbeatMs !== undefined && heartbeatMs >= leaseMs) {
    faults.push({
      where: SETTINGS.heartbeatMs.variable,
      description: `must be less than ${SETTINGS.leaseMs.variable}, but ${heartbeatMs} is not less than ${leaseMs}`,
    });
  }
  if (backoffBaseMs !== undefined && backoffMaxMs !== undefined && backoffBaseMs > backoffMaxMs) {
    faults.push({
      where: SETTINGS.backoffMaxMs.variable,
      description: `must be at least ${SETTINGS.backoffBaseMs.variable}, but ${backoffMaxMs} is less than ${backoffBaseMs}`,
    });
  }
  if (read.auth === "off") {
    for (const name of ["grpcAddress", "httpAddress"] as const) {
      const address = read[name];
      if (address === undefined || isLoopback(address)) continue;
      faults.push({
        where: SETTINGS.auth.variable,
        description: `off is for loopback addresses only, and ${SETTINGS[name].variable} is ${formatAddress(address)}`,
      });
    }
  }
  if (read.database?.kind === "postgres" && read.secretKeyFile === undefined) {
    faults.push({
      where: SETTINGS.secretKeyFile.variable,
      description: "is mandatory with a PostgreSQL database: all instances share one key",
    });
  }
  return faults;
}

function keyFileOf({ database, secretKeyFile }: Read): string {
  if (secretKeyFile !== undefined) return secretKeyFile;
  if (database.kind === "sqlite") return `${database.file}.key`;
  throw new Error("a PostgreSQL database without a key file is refused above");
}
