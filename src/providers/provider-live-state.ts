/** One of a provider's session slots, as every instance sees it. */
export interface LiveSlot {
  readonly slot: number;
  readonly state: "FREE" | "DISCONNECTED" | "CONNECTED";
  /** The incarnation that holds it; undefined: nobody. */
  readonly holder: string | undefined;
  /** What the holder calls itself, such as `process 4711`. */
  readonly holderDescription: string | undefined;
  readonly epoch: number;
  /** Since when it is in its state. Milliseconds since 1970 UTC. */
  readonly sinceDate: number;
  readonly lastError: string | undefined;
  /** Answers a second of its session, measured over some seconds; undefined: not measured yet. */
  readonly answersPerSecond: number | undefined;
}

/** How a provider stands at this moment, over all instances. */
export interface ProviderLiveState {
  readonly slots: readonly LiveSlot[];
  /** Cards whose next request is in the hands of some instance. */
  readonly inFlight: number;
  /** Commands that the rate allows just now; undefined without a rate limit. */
  readonly tokens: number | undefined;
  /** Nothing is sent until then; undefined: it does not pause. */
  readonly pausedUntil: number | undefined;
}
