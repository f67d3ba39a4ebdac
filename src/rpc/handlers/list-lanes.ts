import { optionalIdentifier } from "../../calls/fields/identifier.js";
import { pageSize } from "../../calls/fields/page-size.js";
import { validate } from "../../calls/fields/violations.js";
import { Lane as Message } from "../../gen/provisioning/v1/lane.js";
import type {
  ListLanesRequest,
  ListLanesResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { LaneKey } from "../../requests/lane.js";
import type { LaneStore } from "../../store/lane-store.js";
import { fitting } from "../messages/fitting.js";
import { laneMessage } from "../messages/lane.js";
import type { UnaryHandler } from "../unary.js";
import { isPairCursor, pageCursor, pageToken } from "../validation/page-token.js";

/** ListLanes: by provider and CA id. */
export function listLanes(
  lanes: Pick<LaneStore, "list">,
): UnaryHandler<ListLanesRequest, ListLanesResponse> {
  return async (_call, { pageSize: size, pageToken: token, provider, blockedOnly }) => {
    const filter = { provider, blockedOnly };
    const page = validate((violations) => ({
      provider: optionalIdentifier(violations, "provider", provider),
      blockedOnly,
      limit: pageSize(violations, size),
      after: keyOf(pageCursor(violations, token, filter, isPairCursor)),
    }));
    const found = await lanes.list(page);
    const messages = fitting(Message, found.lanes.map(laneMessage));
    const last = found.lanes[messages.length - 1];
    const cut = messages.length < found.lanes.length && last !== undefined;
    const next = cut ? { provider: last.provider, caId: last.smartcard.caId } : found.next;
    return {
      lanes: messages,
      nextPageToken: next === undefined ? "" : pageToken(filter, [next.provider, next.caId]),
    };
  };
}

function keyOf(cursor: readonly [string, string] | undefined): LaneKey | undefined {
  return cursor && { provider: cursor[0], caId: cursor[1] };
}
