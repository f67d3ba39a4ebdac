import type { UpsertDrafts } from "../inventory/upsert-drafts.js";
import type { UpsertOutcome } from "../inventory/upsert-outcome.js";
import { ServiceError } from "../requests/service-error.js";
import type { ImportTarget, LineResult } from "./import-target.js";
import { storedResult } from "./stored-result.js";

/** Imports into a database that this process has open. */
export function directTarget(upsert: UpsertDrafts, close: () => Promise<void>): ImportTarget {
  return {
    async upsert(drafts) {
      return (await upsert(drafts, { detachUnlistedItems: false })).map(lineResult);
    },
    close,
  };
}

function lineResult(outcome: UpsertOutcome): LineResult {
  switch (outcome.kind) {
    case "refused": {
      const { reason, message } = new ServiceError(outcome.faults);
      return { kind: "rejected", reason, message };
    }
    case "stored":
      return storedResult(outcome.change, outcome.itemChanges);
  }
}
