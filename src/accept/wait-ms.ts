/** No call waits longer for its CA system, whatever its deadline. */
const LONGEST_WAIT_MS = 15_000;
/** A call with less time left than this is answered at once. */
const SHORTEST_MS = 100;

/**
 * How long a call may wait for its CA system: until its deadline less a tenth of what was left
 * when it came, 100 ms at least, so that the answer still arrives.
 */
export function waitMs(deadline: number | undefined, now: number): number {
  if (deadline === undefined) return LONGEST_WAIT_MS;
  const left = deadline - now;
  if (left < SHORTEST_MS) return 0;
  return Math.min(LONGEST_WAIT_MS, left - Math.max(SHORTEST_MS, left / 10));
}
