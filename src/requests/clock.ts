/** Stops a timer that has not fired; harmless afterwards. */
export type CancelTimer = () => void;

/** Time as the code sees it; tests put their own in its place. */
export interface Clock {
  /** Wall time in milliseconds since 1970 UTC; may jump. */
  now(): number;
  /** Milliseconds from some start; never goes back, may stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls `fire` once after `ms` milliseconds, unless cancelled. */
  setTimer(ms: number, fire: () => void): CancelTimer;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(ms, fire) {
    // setTimeout turns delays over 2^31-1 ms into 1 ms; a wait that long re-arms well before.
    const timer = setTimeout(fire, Math.min(Math.max(ms, 0), 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

/** Resolves after so many milliseconds, or when the signal aborts. */
export function pause(
  clock: Pick<Clock, "setTimer">,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let cancel: CancelTimer = () => undefined;
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    cancel = clock.setTimer(ms, end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
