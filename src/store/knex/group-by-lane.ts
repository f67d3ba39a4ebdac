import { inKeyOrder } from "./lane-key.js";
import type { NewRequest } from "./new-request.js";

/** The new requests of each lane in the order of their batch; lanes in that in which they are locked. */
export type NewLanes = ReadonlyMap<string, readonly NewRequest[]>;

export function groupByLane(requests: readonly NewRequest[]): NewLanes {
  const lanes = new Map<string, NewRequest[]>();
  const places = requests.map((request) => ({
    provider: request.destination.provider,
    ca_id: request.destination.caId,
    request,
  }));
  for (const { provider, ca_id, request } of inKeyOrder(places)) {
    const key = laneKey(provider, ca_id);
    const members = lanes.get(key);
    if (members === undefined) lanes.set(key, [request]);
    else members.push(request);
  }
  return lanes;
}

export function laneKey(provider: string, caId: string): string {
  return `${provider}\n${caId}`;
}
