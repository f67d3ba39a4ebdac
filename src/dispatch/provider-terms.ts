import type { Limits } from "../providers/limits.js";
import type { Places } from "../store/request-store.js";

/** What holds for a provider just now; it may change while its sessions live on. */
export interface ProviderTerms {
  /** The provider's version that they are from. */
  readonly version: number;
  readonly limits: Limits;
  /** The part of the provider's connections that this process has, from 0 to 1. */
  readonly share: number;
}

/** What the database is told of them with each claim. */
export type ClaimTerms = Omit<Places, "count">;

export function claimTermsOf({ version, limits }: ProviderTerms, inHand: number): ClaimTerms {
  const { maxInFlight, ratePerSecond, burst } = limits;
  const pace = ratePerSecond === undefined ? undefined : { ratePerSecond, burst };
  return { providerVersion: version, maxInFlight, inHand, pace };
}
