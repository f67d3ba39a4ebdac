import type { CaAdapter, CaNameKind } from "../adapters/ca-adapter.js";
import type { CommandType } from "../requests/command.js";
import type { CommandDraft, CommandFault } from "../requests/command-draft.js";
import { PULL_PROTOCOL } from "../requests/pulled.js";
import { type Limits, limitsOf } from "./limits.js";
import type { Provider } from "./provider.js";

/** A provider with the adapter that its settings make. */
export class ConfiguredProvider {
  /** What may be sent to it, defaults filled in. */
  readonly limits: Limits;
  /** What its adapter can say and its settings allow. */
  readonly commands: ReadonlySet<CommandType>;
  readonly #serviceCaIds: ReadonlyMap<string, string>;
  readonly #serviceCodes: ReadonlyMap<string, string>;

  constructor(
    readonly provider: Provider,
    readonly adapter: CaAdapter,
  ) {
    this.limits = limitsOf(provider.limits, adapter);
    const { commands } = provider;
    const services = Object.entries(provider.services);
    this.#serviceCaIds = new Map(services);
    this.#serviceCodes = new Map(services.map(([code, caId]) => [caId, code]));
    this.commands = new Set(
      [...adapter.commands].filter((type) => commands === undefined || commands.includes(type)),
    );
  }

  get name(): string {
    return this.provider.name;
  }

  get isEffective(): boolean {
    return this.provider.lifeCycleState === "EFFECTIVE";
  }

  /** Its own system fetches its requests: it is not dialled. */
  get isPulled(): boolean {
    return this.provider.protocol === PULL_PROTOCOL;
  }

  supports(type: CommandType): boolean {
    return this.commands.has(type);
  }

  /** The id of a service at the CA system; undefined for a code that is not mapped. */
  serviceCaId(code: string): string | undefined {
    return this.#serviceCaIds.get(code);
  }

  /** The code of a service that the CA system names; undefined for one that is not mapped. */
  serviceCode(caId: string): string | undefined {
    return this.#serviceCodes.get(caId);
  }

  /** Why this is no such name at this provider, in a phrase; undefined when it is one. */
  checkName(kind: CaNameKind, name: string): string | undefined {
    return this.adapter.checkName(kind, name);
  }

  /** All that its protocol cannot say of a command. */
  commandFaults(draft: CommandDraft): readonly CommandFault[] {
    return this.adapter.checkCommand(draft);
  }
}
