import { inKeyOrder, type LaneKey } from "./lane-key.js";
import type { NewRequest } from "./new-request.js";

/** The new requests of a lane, in the order of their batch. */
export interface NewLane extends LaneKey {
  readonly members: readonly NewRequest[];
}

/** In the order in which lanes are locked. */
export function groupByLane(requests: readonly NewRequest[]): readonly NewLane[] {
  const lanes: (LaneKey & { members: NewRequest[] })[] = [];
  const places = requests.map((request) => ({
    provider: request.destination.provider,
    ca_id: request.destination.caId,
    request,
  }));
  for (const { provider, ca_id, request } of inKeyOrder(places)) {
    const last = lanes.at(-1);
    if (last?.ca_id === ca_id && last.provider === provider) last.members.push(request);
    else lanes.push({ provider, ca_id, members: [request] });
  }
  return lanes;
}
