import type { CaAdapter } from "../adapters/ca-adapter.js";

/** Limits as a provider's settings give them: what is absent has a default. */
export interface LimitSettings {
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly maxInFlight?: number;
  readonly maxAttempts?: number;
}

/** How much may be sent to a provider, by all instances together. */
export interface Limits {
  /** Commands per second in the long run; undefined: no limit. */
  readonly ratePerSecond: number | undefined;
  /** Commands that may go at once after a pause; default: the rate, but 1 at least. 0 without a rate. */
  readonly burst: number;
  /** Commands under way at once; default: connections, or 1 where there are none, times window. */
  readonly maxInFlight: number;
  /** Charged answers after which a request is REJECTED; default: 10. */
  readonly maxAttempts: number;
}

const MAX_ATTEMPTS = 10;

/** The limits with their defaults, which depend on what the adapter can carry. */
export function limitsOf(
  settings: LimitSettings,
  adapter: Pick<CaAdapter, "connections" | "window">,
): Limits {
  const { ratePerSecond } = settings;
  return {
    ratePerSecond,
    burst: settings.burst ?? (ratePerSecond === undefined ? 0 : Math.max(1, ratePerSecond)),
    maxInFlight: settings.maxInFlight ?? Math.max(1, adapter.connections) * adapter.window,
    maxAttempts: settings.maxAttempts ?? MAX_ATTEMPTS,
  };
}
