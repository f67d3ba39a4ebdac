/** How long to wait between tries. */
export interface Backoff {
  /** Longest wait before the second try; doubles with each further one. Milliseconds. */
  readonly baseMs: number;
  /** No wait is longer than this. Milliseconds. */
  readonly maxMs: number;
}

/**
 * Exponential with full jitter: anything from 0 to the cap of that try, so that what failed
 * together does not come back together. `tries` counts the ones made, from 1; `random` is 0..1.
 */
export function backoffMs(backoff: Backoff, tries: number, random: number): number {
  const exponent = Math.min(Math.max(tries, 1) - 1, 30);
  return Math.round(random * Math.min(backoff.maxMs, backoff.baseMs * 2 ** exponent));
}
