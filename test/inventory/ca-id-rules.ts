import type { CaIdRules } from "../../src/inventory/ca-id-rules.js";

/** One provider, nds-main, whose CA ids are 8 to 16 digits. */
export const NDS_RULES: CaIdRules = {
  check(provider, _, caId) {
    if (provider !== "nds-main") return { kind: "unknown_provider" };
    return /^\d{8,16}$/.test(caId)
      ? { kind: "ok" }
      : { kind: "invalid", text: "must be 8 to 16 digits" };
  },
  checkSubscriptionNumber: (_, number) =>
    Buffer.byteLength(number) > 64 ? { kind: "invalid", text: "is too long" } : { kind: "ok" },
  refresh: async () => {},
};
