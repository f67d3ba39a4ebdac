import type { CaAdapter } from "../adapters/ca-adapter.js";
import type { CommandType } from "../requests/command.js";
import type { Effectiveness } from "./effectiveness.js";
import type { LimitSettings } from "./limits.js";

/** One configured CA system, as an operator describes it. */
export interface ProviderDefinition {
  /** The key; never changes. */
  readonly name: string;
  /** The name of the protocol in the registry of adapters. */
  readonly protocol: string;
  readonly lifeCycleState: Effectiveness;
  /** Narrows what the adapter can do; undefined: all of it, empty: nothing. */
  readonly commands: readonly CommandType[] | undefined;
  /** The CA system's ids of services, by the codes that callers use; no id twice. */
  readonly services: Readonly<Record<string, string>>;
  /** The protocol's own settings, secrets included. */
  readonly connection: Readonly<Record<string, unknown>>;
  readonly limits: LimitSettings;
}

/** A provider as the database keeps it. Dates are milliseconds since 1970 UTC. */
export interface Provider extends ProviderDefinition {
  /** The configuration file defines it, so that nothing but its life cycle state changes by call. */
  readonly definedInFile: boolean;
  /** Why it was last put into its life cycle state, as whoever did it says. */
  readonly lifeCycleReason: string | undefined;
  /** From 1, one more with each change. */
  readonly version: number;
  readonly createdDate: number;
  readonly updatedDate: number;
  /** The user who created it; undefined: the configuration file. */
  readonly createdBy: string | undefined;
  readonly updatedBy: string | undefined;
}

/** A definition whose connection its protocol has accepted. */
export interface AcceptedDefinition {
  readonly definition: ProviderDefinition;
  readonly adapter: CaAdapter;
}
