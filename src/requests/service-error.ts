import { compareReasons, REASONS, type Reason, type StatusName } from "./reasons.js";

/** One thing that is wrong with a call. */
export interface Fault {
  readonly reason: Reason;
  /** snake_case path of the field at fault, such as `smartcard_identifier.serial_number`. */
  readonly field?: string;
  /** What is wrong with it; never holds a secret. */
  readonly description: string;
  /** The resource meant, for NOT_FOUND and FAILED_PRECONDITION faults. */
  readonly resource?: { readonly type: string; readonly name: string };
}

/**
 * The one error class of the service: faults that callers may read. Its reason is the first of its
 * faults' in the order of the reasons table, and only faults of that reason's status are kept, so
 * that a call fails with one status that tells all there is to tell at that level.
 */
export class ServiceError extends Error {
  readonly reason: Reason;
  readonly status: StatusName;
  readonly faults: readonly Fault[];
  /** When to try again, in milliseconds from now; absent where a retry would not help. */
  readonly retryAfterMs: number | undefined;

  constructor(
    faults: readonly [Fault, ...Fault[]],
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    const sorted = faults.toSorted((a, b) => compareReasons(a.reason, b.reason));
    const first = sorted[0] ?? faults[0];
    const status = REASONS[first.reason].status;
    const kept = sorted.filter((fault) => REASONS[fault.reason].status === status);
    super(kept.map(sentence).join("; "), { cause: options.cause });
    this.name = "ServiceError";
    this.reason = first.reason;
    this.status = status;
    this.faults = kept;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** An error with a single fault; the description defaults to the reason's own text. */
  static of(
    reason: Reason,
    detail: Partial<Omit<Fault, "reason">> = {},
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ): ServiceError {
    return new ServiceError([{ description: REASONS[reason].text, ...detail, reason }], options);
  }
}

function sentence(fault: Fault): string {
  return fault.field === undefined ? fault.description : `${fault.field}: ${fault.description}`;
}
