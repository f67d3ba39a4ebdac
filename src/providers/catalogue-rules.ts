import type { ProviderRules } from "../requests/provider-rules.js";
import type { ProviderCatalogue } from "./provider-catalogue.js";

/** What creates are held against, as the providers of a catalogue have it. */
export function catalogueRules(catalogue: ProviderCatalogue): ProviderRules {
  return {
    commands: (provider) => catalogue.commandsOf(provider),
    serviceCaId: (provider, code) => catalogue.get(provider)?.serviceCaId(code),
    commandFaults: (provider, draft) => catalogue.get(provider)?.commandFaults(draft) ?? [],
  };
}
