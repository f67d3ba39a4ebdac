import type { UpsertDrafts } from "../inventory/upsert-drafts.js";
import type { UpsertOutcome } from "../inventory/upsert-outcome.js";
import { ServiceError } from "../requests/service-error.js";
import type { ImportTarget, LineResult } from "./import-target.js";

/** Imports into a database that this process has open. */
export function directTarget(upsert: UpsertDrafts, close: () => Promise<void>): ImportTarget {
  return {
    async upsert(drafts) {
      return (await upsert(drafts, { detachUnlistedItems: false })).map(lineResult);
    },
    close,
  };
}

/** A line is new when its item is, or all its items, or without any the subscription itself. */
function lineResult(outcome: UpsertOutcome): LineResult {
  switch (outcome.kind) {
    case "refused": {
      const { reason, message } = new ServiceError(outcome.faults);
      return { kind: "rejected", reason, message };
    }
    case "stored": {
      const { change, itemChanges } = outcome;
      if (change === "UNCHANGED") return { kind: "unchanged" };
      const fresh = itemChanges.length === 0 ? [change] : itemChanges;
      return { kind: fresh.every((each) => each === "CREATED") ? "created" : "updated" };
    }
  }
}
