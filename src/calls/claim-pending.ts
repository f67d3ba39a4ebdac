import type { PullDesk, PulledRequests } from "../pull/pull-desk.js";
import type { Call } from "./call.js";
import { requiredIdentifier } from "./fields/identifier.js";
import { type Violations, validate } from "./fields/violations.js";

/** Requests that one call gets at most, and when it does not say how many. */
const MAX_RESULTS = 50;

const DEFAULT_LEASE_MS = 60_000;
const MIN_LEASE_MS = 1000;
const MAX_LEASE_MS = 3_600_000;

/** What a claim asks for, as an edge got it. */
export interface ClaimFields {
  readonly provider: string;
  /** 0: as many as there may be. */
  readonly numberOfResults: number;
  /** Undefined: as long as is usual. */
  readonly leaseMs: number | undefined;
}

/** Leases requests that are ready to who calls. */
export async function claimPending(
  desk: Pick<PullDesk, "claim">,
  call: Call,
  { provider, numberOfResults, leaseMs }: ClaimFields,
): Promise<PulledRequests> {
  const claim = validate((violations) => {
    if (numberOfResults < 0) violations.add("number_of_results", "must not be negative");
    return {
      provider: requiredIdentifier(violations, "provider", provider),
      limit: Math.min(numberOfResults === 0 ? MAX_RESULTS : numberOfResults, MAX_RESULTS),
      leaseMs: leaseWithin(violations, leaseMs),
      user: call.principal.name,
      waiter: call,
    };
  });
  return desk.claim(claim);
}

function leaseWithin(violations: Violations, ms: number | undefined): number {
  if (ms === undefined) return DEFAULT_LEASE_MS;
  if (ms < MIN_LEASE_MS || ms > MAX_LEASE_MS) {
    violations.add("lease_duration", "must be 1 second to 1 hour");
  }
  return ms;
}
