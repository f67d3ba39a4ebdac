/** How the simulated CA system behaves; may change while it runs. */
export interface Behaviour {
  /** From a new command's arrival to its answer. */
  readonly latencyMs: number;
  /** Chance of BUSY: no effect. */
  readonly busyRate: number;
  /** Chance of code 100: no effect, not remembered. */
  readonly failRate: number;
  /** Chance of code 2: no effect, remembered. */
  readonly rejectRate: number;
  /** Chance of no effect and no answer. */
  readonly silentRate: number;
  /** Chance of an effect whose answer is withheld. */
  readonly dropRate: number;
  /** Chance of an effect, half its answer, then a reset. */
  readonly disconnectRate: number;
  /** Whether transactions are not remembered; turning it on forgets those that were. */
  readonly forget: boolean;
  /** What BUSY tells the provider to wait. */
  readonly busyRetryAfterMs: number;
}

/** A CA system that does everything at once and never fails. */
export const faultless: Behaviour = {
  latencyMs: 0,
  busyRate: 0,
  failRate: 0,
  rejectRate: 0,
  silentRate: 0,
  dropRate: 0,
  disconnectRate: 0,
  forget: false,
  busyRetryAfterMs: 1000,
};

const rates = [
  "busyRate",
  "failRate",
  "rejectRate",
  "silentRate",
  "dropRate",
  "disconnectRate",
] as const satisfies readonly (keyof Behaviour)[];

/** The longest latency: what the protocol allows as the longest busy pause, ten minutes. */
export const maxLatencyMs = 600_000;

/** `current` with `changes`; a RangeError names the first value that cannot be. */
export function changedBehaviour(current: Behaviour, changes: Partial<Behaviour>): Behaviour {
  const next = { ...current, ...changes };
  for (const name of rates) {
    if (!(next[name] >= 0 && next[name] <= 1)) throw new RangeError(`${name} must be 0..1`);
  }
  if (!(next.latencyMs >= 0 && next.latencyMs <= maxLatencyMs)) {
    throw new RangeError(`latencyMs must be 0..${maxLatencyMs}`);
  }
  if (
    !Number.isInteger(next.busyRetryAfterMs) ||
    next.busyRetryAfterMs >>> 0 !== next.busyRetryAfterMs
  ) {
    throw new RangeError("busyRetryAfterMs must be a 32-bit unsigned number");
  }
  return next;
}
