import type { Effectiveness } from "../../providers/effectiveness.js";
import type { LimitSettings } from "../../providers/limits.js";
import type { Provider } from "../../providers/provider.js";
import type { CommandType } from "../../requests/command.js";
import type { Cipher } from "../../secrets/cipher.js";
import { connectionPurpose } from "../../secrets/purposes.js";

/** A row of `providers`; SQLite has 0 and 1 for booleans. */
export interface ProviderRow {
  readonly name: string;
  readonly protocol: string;
  readonly life_cycle_state: Effectiveness;
  readonly commands: string | null;
  readonly services: string;
  readonly connection: string;
  readonly limits: string;
  readonly defined_in_file: boolean | number;
  readonly version: number;
  readonly life_cycle_reason: string | null;
  readonly created_date: number;
  readonly updated_date: number;
  readonly created_by: string | null;
  readonly updated_by: string | null;
}

export function providerOf(row: ProviderRow, cipher: Cipher): Provider {
  const connection = cipher.decrypt(connectionPurpose(row.name), row.connection).toString();
  return {
    name: row.name,
    protocol: row.protocol,
    lifeCycleState: row.life_cycle_state,
    commands: row.commands === null ? undefined : (JSON.parse(row.commands) as CommandType[]),
    services: JSON.parse(row.services) as Provider["services"],
    connection: JSON.parse(connection) as Provider["connection"],
    limits: JSON.parse(row.limits) as LimitSettings,
    definedInFile: Boolean(row.defined_in_file),
    lifeCycleReason: row.life_cycle_reason ?? undefined,
    version: row.version,
    createdDate: row.created_date,
    updatedDate: row.updated_date,
    createdBy: row.created_by ?? undefined,
    updatedBy: row.updated_by ?? undefined,
  };
}
