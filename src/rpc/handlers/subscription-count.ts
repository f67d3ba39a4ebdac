import type { Violations } from "../validation/violations.js";

const MAX_SUBSCRIPTIONS = 1000;

/** How many subscriptions one message may bring: 1 to 1,000. */
export function subscriptionCount(violations: Violations, subscriptions: readonly unknown[]): void {
  const { length } = subscriptions;
  if (length >= 1 && length <= MAX_SUBSCRIPTIONS) return;
  violations.add("subscriptions", `must be 1 to ${MAX_SUBSCRIPTIONS}, and are ${length}`);
}
