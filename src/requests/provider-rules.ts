import type { CommandType } from "./command.js";
import type { CommandDraft, CommandFault } from "./command-draft.js";

/** What creates are held against at the provider of their card, as this process knows it. */
export interface ProviderRules {
  /** The commands that it takes, from its adapter and its settings; none of an unknown one. */
  commands(provider: string): ReadonlySet<CommandType>;
  /** The id of a service at its CA system; undefined for a code that it has no service for. */
  serviceCaId(provider: string, code: string): string | undefined;
  /** All that its protocol cannot say of a command that it takes. */
  commandFaults(provider: string, draft: CommandDraft): readonly CommandFault[];
}
