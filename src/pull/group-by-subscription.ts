import type { PulledRequest } from "./pull-desk.js";

/** Requests of one subscription together, the subscriptions in the order of their first one. */
export function groupBySubscription(requests: readonly PulledRequest[]): PulledRequest[] {
  const groups = new Map<string, PulledRequest[]>();
  for (const one of requests) {
    const { id } = one.request.subscription;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return [...groups.values()].flat();
}
