import type { CaNameKind } from "../adapters/ca-adapter.js";
import type { CaIdRules, CaIdVerdict } from "../inventory/ca-id-rules.js";
import type { ProviderCatalogue } from "./provider-catalogue.js";

/** The rules on CA ids as the providers of a catalogue have them. */
export function caIdRules(catalogue: ProviderCatalogue): CaIdRules {
  function check(provider: string, kind: CaNameKind, name: string): CaIdVerdict {
    const configured = catalogue.get(provider);
    if (configured === undefined) return { kind: "unknown_provider" };
    const text = configured.checkName(kind, name);
    return text === undefined ? { kind: "ok" } : { kind: "invalid", text };
  }
  return {
    check,
    checkSubscriptionNumber: (provider, number) => check(provider, "SUBSCRIPTION_NUMBER", number),
    refresh: () => catalogue.refresh(),
  };
}
