import type { CaIdRules } from "../inventory/ca-id-rules.js";
import type { ProviderCatalogue } from "./provider-catalogue.js";

/** The rules on CA ids as the providers of a catalogue have them. */
export function caIdRules(catalogue: ProviderCatalogue): CaIdRules {
  return {
    check(provider, caId) {
      const configured = catalogue.get(provider);
      if (configured === undefined) return { kind: "unknown_provider" };
      const text = configured.checkCaId(caId);
      return text === undefined ? { kind: "ok" } : { kind: "invalid", text };
    },
    refresh: () => catalogue.refresh(),
  };
}
