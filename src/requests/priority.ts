/** How urgent a caller says a request is. */
export type Priority = "REGULAR" | "EXPRESS";

/**
 * The rank of a lane: the highest among its due requests. Priority acts between lanes only, so an
 * urgent request lifts the ones before it on its card.
 */
export const LANE_RANK = { REGULAR: 0, EXPRESS: 1, IMMEDIATE: 2 } as const;

/** The rank that a request gives its lane once it is due. */
export function rankOf(request: { priority: Priority; processImmediately: boolean }): number {
  return request.processImmediately ? LANE_RANK.IMMEDIATE : LANE_RANK[request.priority];
}

/** One place in so many goes to the oldest REGULAR lane, when one is ready. */
export const REGULAR_EVERY = 10;

/** A lane of this rank goes before those that hold REGULAR requests only. */
export function isUrgent(laneRank: number): boolean {
  return laneRank > LANE_RANK.REGULAR;
}
