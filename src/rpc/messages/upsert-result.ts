import {
  UpsertSubscriptionsResponse_Change as ChangeMessage,
  type UpsertSubscriptionsResponse_Result as ResultMessage,
} from "../../gen/provisioning/v1/inventory_service.js";
import type { Change, UpsertOutcome } from "../../inventory/upsert-outcome.js";
import { ServiceError } from "../../requests/service-error.js";
import { rpcStatus } from "../rpc-status.js";

const CHANGES = {
  CREATED: ChangeMessage.CHANGE_CREATED,
  UPDATED: ChangeMessage.CHANGE_UPDATED,
  UNCHANGED: ChangeMessage.CHANGE_UNCHANGED,
} as const satisfies Record<Change, ChangeMessage>;

/** What became of one subscription, as it goes over the wire. */
export function upsertResult(outcome: UpsertOutcome): ResultMessage {
  switch (outcome.kind) {
    case "stored":
      return {
        outcome: { $case: "change", value: CHANGES[outcome.change] },
        installedItemChanges: outcome.itemChanges.map((change) => CHANGES[change]),
      };
    case "refused": {
      const status = rpcStatus(new ServiceError(outcome.faults));
      return { outcome: { $case: "status", value: status }, installedItemChanges: [] };
    }
  }
}
