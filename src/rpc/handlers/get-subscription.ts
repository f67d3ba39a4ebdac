import { validate } from "../../calls/fields/violations.js";
import type {
  GetSubscriptionRequest,
  GetSubscriptionResponse,
} from "../../gen/provisioning/v1/inventory_service.js";
import { ServiceError } from "../../requests/service-error.js";
import type { InventoryStore } from "../../store/inventory-store.js";
import { subscriptionMessage } from "../messages/subscription.js";
import type { UnaryHandler } from "../unary.js";
import { requiredSubscriptionIdentifier } from "../validation/subscription-identifier.js";

/** GetSubscription: one subscription with all its items. */
export function getSubscription(deps: {
  readonly inventory: Pick<InventoryStore, "get">;
}): UnaryHandler<GetSubscriptionRequest, GetSubscriptionResponse> {
  return async (_context, { subscriptionIdentifier }) => {
    const identifier = validate((violations) =>
      requiredSubscriptionIdentifier(violations, subscriptionIdentifier),
    );
    const subscription = await deps.inventory.get(identifier);
    if (subscription === undefined) {
      throw ServiceError.of("SUBSCRIPTION_NOT_FOUND", {
        field: `subscription_identifier.${identifier.by}`,
        description: `no subscription has this ${identifier.by}`,
        resource: { type: "subscription", name: identifier.value },
      });
    }
    return { subscription: subscriptionMessage(subscription) };
  };
}
