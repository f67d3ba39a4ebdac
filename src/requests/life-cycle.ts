/**
 * The life of a provisioning request:
 *
 *   PENDING ──claimed──▶ PROCESSING ──accepted──▶ COMPLETED
 *      ▲  │                  │  └─────refused───▶ REJECTED
 *      │  ├──expired──▶ REJECTED
 *      │  └──cancelled─▶ CANCELLED
 *      └──not answered, busy, failed, never left, process died──┘
 *
 * The state is derived, never stored as a column that is rewritten: a request with an outcome has
 * that outcome's state; one without is PROCESSING while it is the head of a lane that somebody
 * owns; else PENDING.
 */
export const LIFE_CYCLE_STATES = [
  "PENDING",
  "PROCESSING",
  "COMPLETED",
  "REJECTED",
  "CANCELLED",
] as const;
export type LifeCycleState = (typeof LIFE_CYCLE_STATES)[number];

/** A state that a request never leaves. */
export type FinalState = "COMPLETED" | "REJECTED" | "CANCELLED";

/** Every allowed move; what is not listed is refused with STATE_NOT_ALLOWED. */
export const ALLOWED_MOVES: Readonly<Record<LifeCycleState, readonly LifeCycleState[]>> = {
  PENDING: ["PROCESSING", "REJECTED", "CANCELLED"],
  PROCESSING: ["PENDING", "COMPLETED", "REJECTED"],
  COMPLETED: [],
  REJECTED: [],
  CANCELLED: [],
};

/** True for a state that ends a request. */
export function isFinal(state: LifeCycleState): state is FinalState {
  return ALLOWED_MOVES[state].length === 0;
}
