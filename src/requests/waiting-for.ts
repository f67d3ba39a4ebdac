/** Why a PENDING request waits. */
export const WAITING_FOR = [
  "SCHEDULED_DATE",
  "EARLIER_REQUEST",
  "PROVIDER_NOT_EFFECTIVE",
  "NEXT_ATTEMPT",
  "PROVIDER_UNAVAILABLE",
  "RUN",
  "CLAIM",
  "CAPACITY",
] as const;
export type WaitingFor = (typeof WAITING_FOR)[number];

/** What is known of a provider that bears on waiting. */
export interface ProviderCondition {
  readonly effective: boolean;
  /** Its own system fetches its requests, outside of runs. */
  readonly pulled: boolean;
  /** Some session slot has an open session; of a pulled one: its system has claimed of late. */
  readonly connected: boolean;
  /** A run is active for it, or a due request would start one. */
  readonly covered: boolean;
  /** The last error of its session slots, if none is open; or since when nobody has claimed. */
  readonly lastError: string | undefined;
}

/** What is known of a provider that is not there. */
export const UNKNOWN_PROVIDER: ProviderCondition = {
  effective: false,
  pulled: false,
  connected: false,
  covered: false,
  lastError: undefined,
};

/** What is known of one PENDING request and its lane. Dates in milliseconds since 1970 UTC. */
export interface WaitingFacts {
  readonly now: number;
  /** 0 when it was due at its creation. */
  readonly dueDate: number;
  readonly isHead: boolean;
  readonly processImmediately: boolean;
  /** The lane sleeps until then. */
  readonly wakeDate: number | undefined;
}

/** The first thing that has to change before the request can be sent. */
export function explainWait(facts: WaitingFacts, provider: ProviderCondition): WaitingFor {
  if (facts.dueDate > facts.now) return "SCHEDULED_DATE";
  if (!facts.isHead) return "EARLIER_REQUEST";
  if (!provider.effective) return "PROVIDER_NOT_EFFECTIVE";
  if (facts.wakeDate !== undefined && facts.wakeDate > facts.now) return "NEXT_ATTEMPT";
  if (!provider.connected) return "PROVIDER_UNAVAILABLE";
  if (provider.pulled) return "CLAIM";
  if (!provider.covered && !facts.processImmediately) return "RUN";
  return "CAPACITY";
}

/** True when something is in the way of a head that is due: it does not just await its turn. */
export function isBlocked(waitingFor: WaitingFor | undefined): boolean {
  switch (waitingFor) {
    case "PROVIDER_NOT_EFFECTIVE":
    case "NEXT_ATTEMPT":
    case "PROVIDER_UNAVAILABLE":
    case "RUN":
      return true;
    case "SCHEDULED_DATE":
    case "EARLIER_REQUEST":
    case "CLAIM":
    case "CAPACITY":
    case undefined:
      return false;
  }
}
