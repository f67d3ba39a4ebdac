import { batchSize } from "../../calls/fields/batch-size.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  UpsertSubscriptionsRequest,
  UpsertSubscriptionsResponse,
} from "../../gen/provisioning/v1/inventory_service.js";
import type { UpsertDrafts } from "../../inventory/upsert-drafts.js";
import { subscriptionDraft } from "../messages/subscription.js";
import { upsertResult } from "../messages/upsert-result.js";
import type { UnaryHandler } from "../unary.js";

/** UpsertSubscriptions: a fault of a subscription is the result of that one, not of the call. */
export function upsertSubscriptions(deps: {
  readonly upsertDrafts: UpsertDrafts;
}): UnaryHandler<UpsertSubscriptionsRequest, UpsertSubscriptionsResponse> {
  return async (_context, { subscriptions, detachUnlistedItems }) => {
    validate((violations) => batchSize(violations, "subscriptions", subscriptions));
    const outcomes = await deps.upsertDrafts(subscriptions.map(subscriptionDraft), {
      detachUnlistedItems,
    });
    return { results: outcomes.map(upsertResult) };
  };
}
