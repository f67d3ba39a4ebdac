import { batchSize } from "../../calls/fields/batch-size.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  ImportSubscriptionsRequest,
  ImportSubscriptionsResponse,
  ImportSubscriptionsResponse_Rejection as Rejection,
} from "../../gen/provisioning/v1/inventory_service.js";
import type { UpsertDrafts } from "../../inventory/upsert-drafts.js";
import { ServiceError } from "../../requests/service-error.js";
import type { ClientStreamHandler } from "../client-stream.js";
import { subscriptionDraft } from "../messages/subscription.js";
import { rpcStatus } from "../rpc-status.js";

/** Refusals that are told one by one; all are counted. */
const MAX_REJECTIONS = 100;

const COUNTERS = { CREATED: "created", UPDATED: "updated", UNCHANGED: "unchanged" } as const;

/**
 * ImportSubscriptions: stores each message before it asks for the next. A message with too many
 * subscriptions, or none, ends the call; what came before it is stored.
 */
export function importSubscriptions(deps: {
  readonly upsertDrafts: UpsertDrafts;
}): ClientStreamHandler<ImportSubscriptionsRequest, ImportSubscriptionsResponse> {
  return async (_context, requests) => {
    const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0 };
    const rejections: Rejection[] = [];
    let index = 0;
    for await (const { subscriptions, detachUnlistedItems } of requests) {
      validate((violations) => batchSize(violations, "subscriptions", subscriptions));
      const drafts = subscriptions.map(subscriptionDraft);
      for (const outcome of await deps.upsertDrafts(drafts, { detachUnlistedItems })) {
        if (outcome.kind === "stored") {
          counts[COUNTERS[outcome.change]] += 1;
        } else {
          counts.rejected += 1;
          if (rejections.length < MAX_REJECTIONS) {
            const status = rpcStatus(new ServiceError(outcome.faults));
            rejections.push({ index: BigInt(index), status });
          }
        }
        index += 1;
      }
    }
    return {
      created: BigInt(counts.created),
      updated: BigInt(counts.updated),
      unchanged: BigInt(counts.unchanged),
      rejected: BigInt(counts.rejected),
      rejections,
    };
  };
}
