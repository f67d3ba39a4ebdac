import type { Lane as Message } from "../../gen/provisioning/v1/lane.js";
import type { Lane } from "../../requests/lane.js";
import { smartcardMessage, waitingForMessage } from "./provisioning-request.js";
import { timestampOf } from "./timestamp.js";

/** A lane as it goes over the wire. */
export function laneMessage(lane: Lane): Message {
  return {
    provider: lane.provider,
    smartcard: smartcardMessage(lane.smartcard),
    reason: waitingForMessage(lane.waitingFor),
    sinceDate: timestampOf(lane.sinceDate),
    headId: lane.headId,
    depth: lane.depth,
    owner: lane.owner ?? "",
    lastError: lane.lastError ?? "",
  };
}
