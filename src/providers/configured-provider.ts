import type { CaAdapter } from "../adapters/ca-adapter.js";
import type { CommandType } from "../requests/command.js";
import { PULL_PROTOCOL } from "../requests/pulled.js";
import { type Limits, limitsOf } from "./limits.js";
import type { Provider } from "./provider.js";

/** A provider with the adapter that its settings make. */
export class ConfiguredProvider {
  /** What may be sent to it, defaults filled in. */
  readonly limits: Limits;
  /** What its adapter can say and its settings allow. */
  readonly commands: ReadonlySet<CommandType>;

  constructor(
    readonly provider: Provider,
    readonly adapter: CaAdapter,
  ) {
    this.limits = limitsOf(provider.limits, adapter);
    const { commands } = provider;
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

  /** Why this is no CA id at this provider, in a phrase; undefined when it is one. */
  checkCaId(caId: string): string | undefined {
    return this.adapter.checkCaId(caId);
  }
}
