import { optionalIdentifier } from "../../calls/fields/identifier.js";
import { pageSize } from "../../calls/fields/page-size.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  ListSubscriptionsRequest,
  ListSubscriptionsResponse,
} from "../../gen/provisioning/v1/inventory_service.js";
import { Subscription } from "../../gen/provisioning/v1/subscription.js";
import type { InventoryStore } from "../../store/inventory-store.js";
import { fitting } from "../messages/fitting.js";
import { subscriptionMessage } from "../messages/subscription.js";
import type { UnaryHandler } from "../unary.js";
import { isIdentifierCursor, pageCursor, pageToken } from "../validation/page-token.js";

/** ListSubscriptions: by id, with all their items. */
export function listSubscriptions(deps: {
  readonly inventory: Pick<InventoryStore, "list">;
}): UnaryHandler<ListSubscriptionsRequest, ListSubscriptionsResponse> {
  return async (_context, request) => {
    const filter = { provider: request.provider };
    const query = validate((violations) => ({
      limit: pageSize(violations, request.pageSize),
      after: pageCursor(violations, request.pageToken, filter, isIdentifierCursor),
      provider: optionalIdentifier(violations, "provider", request.provider),
    }));
    const page = await deps.inventory.list(query);
    const found = page.subscriptions.map(subscriptionMessage);
    const subscriptions = fitting(Subscription, found);
    const last = subscriptions.at(-1);
    const more = page.more || subscriptions.length < found.length;
    return {
      subscriptions,
      nextPageToken: more && last !== undefined ? pageToken(filter, last.id) : "",
    };
  };
}
